import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { cancelOrder, getOrderDetails, type Product, placeOrder } from '@souk/contracts';
import { systemIds } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import { type TraceSpan, treeText } from '@souk/trace-receiver';
import { becomes, buy, openShop, type Shop, type Shopper, shipping_address, type WorldName } from '../_support.ts';
import { aTracedOrder, chain, openTraces, request, type Traces } from '../_traces.ts';

const [reserve, take, checkout] = [
  'inventory process inventory.reserve-stock',
  'payments process payments.create-payment',
  'orders process orders.checkout',
];
const placed = [
  ...request('POST /api/orders', 'orders'),
  ...chain('orders POST /api/orders', 'orders place orders', 'orders publish order.created', reserve),
];
const reserved = [...placed, ...chain(reserve, 'inventory publish inventory.reserved', checkout, 'orders publish payment.requested', take)];
const charged = [
  ...reserved,
  ...chain(take, 'payments charge payment', 'payments sandbox charge'),
  ...chain('payments charge payment', 'payments settle charges', 'payments publish payment.processed', checkout),
];
const reported = ['notifications process notifications.notify-customer', 'notifications send email'];
const confirmed = [...charged, ...chain(checkout, 'orders publish order.confirmed', ...reported)];
const cancelled = [
  ...chain('orders publish order.cancelled', ...reported),
  ...chain('orders publish order.cancelled', 'inventory process inventory.release-stock'),
  ...chain('orders publish order.cancelled', 'payments process payments.refund-payment'),
];
const released = chain('inventory process inventory.release-stock', 'inventory publish inventory.released');

const named = (spans: readonly TraceSpan[], name: string): TraceSpan[] => spans.filter((span) => span.name === name);

/** Each journey is one trace, whatever happens on the way. */
export function traceScenarios(world: WorldName): void {
  describe(`traces in the ${world} world`, () => {
    let shop: Shop;
    let traces: Traces;
    before(async () => {
      traces = await openTraces();
      shop = await openShop({
        world,
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: traces.url, OTEL_BSP_SCHEDULE_DELAY: '200', PROVIDER_TIMEOUT_MS: '3000' },
      });
    });
    after(async () => {
      await shop.souk.stop();
      await traces.close();
    });

    /** Nothing is left to be told of either when the story begins: a catalogue that asks would add to it. */
    const aShopperAndAProduct = async (stock: number): Promise<[Shopper, Product]> => {
      const both: [Shopper, Product] = [await shop.aShopper(), await shop.aProduct(stock)];
      await shop.souk.settle();
      return both;
    };

    test('a shopper buys: from the gateway through broker, provider and mail it is one tree', async (t) => {
      const [[shopper, product], traced] = [await aShopperAndAProduct(10), aTracedOrder()];
      assert.equal((await buy(shopper, product, { headers: traced.headers })).status, 'confirmed');
      const spans = await traces.hasEdges(traced, confirmed);
      assert.equal(spans.length, new Set(spans.map((span) => span.span_id)).size);
      assert.deepEqual([...new Set(spans.map((span) => span.service))].sort(), [
        'gateway',
        'inventory',
        'notifications',
        'orders',
        'payments',
      ]);
      assert.deepEqual(
        spans.filter((span) => span.failed),
        [],
      );
      const [publish] = named(spans, 'publish order.created');
      assert.equal(publish?.attributes['messaging.system'], shop.souk.world.broker.kind);
      for (const secret of [shopper.email, shipping_address.street, shipping_address.full_name, 'tok_visa', 'Bearer'])
        assert.ok(!JSON.stringify(spans).includes(secret), secret);
      t.diagnostic(treeText(spans));
    });

    test('what is sold out ends in the same trace', async () => {
      const [[shopper, product], traced] = [await aShopperAndAProduct(1), aTracedOrder()];
      assert.equal((await buy(shopper, product, { quantity: 2, headers: traced.headers })).cancel_reason, 'out_of_stock');
      await traces.hasEdges(traced, [
        ...placed,
        ...chain(reserve, 'inventory publish inventory.rejected', checkout, 'orders publish order.cancelled'),
        ...cancelled,
      ]);
    });

    test('a declined card ends in the same trace, and its stock is released there', async () => {
      const [[shopper, product], traced] = [await aShopperAndAProduct(3), aTracedOrder()];
      assert.equal(
        (await buy(shopper, product, { payment_method: 'tok_declined', headers: traced.headers })).cancel_reason,
        'payment_declined',
      );
      const spans = await traces.hasEdges(traced, [
        ...charged,
        ...chain(checkout, 'orders publish order.cancelled'),
        ...cancelled,
        ...released,
      ]);
      assert.deepEqual(
        named(spans, 'charge payment').map((span) => span.attributes['souk.outcome']),
        ['declined'],
      );
    });

    test('a deadline that passes is told in the trace of the order, which it cancels', async () => {
      const [[shopper, product], traced] = [await aShopperAndAProduct(3), aTracedOrder()];
      await shop.souk.stopService('payments');
      const order = await buy(shopper, product, { headers: traced.headers, wait_s: 0 });
      await becomes(shopper.api, order.id, 'awaiting_payment');
      await shop.souk
        .databaseOf('orders')
        .query("update orders set deadline_at = now() - interval '1 second' where id = $1 and status = 'awaiting_payment'", [order.id]);
      assert.equal((await becomes(shopper.api, order.id, 'cancelled')).cancel_reason, 'payment_timeout');
      // What payments makes of it depends on which of two messages it is given first when it is back.
      await traces.hasEdges(traced, [
        ...placed,
        ...chain(reserve, 'inventory publish inventory.reserved', checkout, 'orders publish payment.requested'),
        ...chain('orders place orders', 'orders expire order', 'orders publish order.cancelled', ...reported),
        ...chain('orders publish order.cancelled', 'inventory process inventory.release-stock'),
        ...released,
      ]);
      await shop.souk.startService('payments');
    });

    test('a provider that did not answer is seen to be asked until it does', async () => {
      const [[shopper, product], traced] = [await aShopperAndAProduct(3), aTracedOrder()];
      const order = await buy(shopper, product, { payment_method: 'tok_timeout', headers: traced.headers });
      assert.equal((await becomes(shopper.api, order.id, 'confirmed', 'cancelled')).status, 'confirmed');
      const spans = await traces.hasEdges(traced, [...confirmed, ...chain('payments charge payment', 'payments sandbox find')]);
      assert.ok(named(spans, 'sandbox charge').every((span) => span.failed));
      assert.ok(named(spans, 'sandbox find').some((span) => !span.failed));
    });

    test('a cancellation is a trace of its own, from the request to the money given back', async () => {
      const [[shopper, product], traced] = [await aShopperAndAProduct(3), aTracedOrder()];
      const order = await buy(shopper, product);
      await shop.souk.settle();
      await shopper.api.expect(200, cancelOrder, { params: { order_id: order.id }, body: {}, headers: traced.headers });
      await traces.hasEdges(traced, [
        ...request('POST /api/orders/{order_id}/cancel', 'orders'),
        ...chain('orders POST /api/orders/{order_id}/cancel', 'orders publish order.cancelled'),
        ...cancelled,
        ...released,
        ...chain('payments process payments.refund-payment', 'payments pay refund', 'payments sandbox refund'),
        ...chain('payments pay refund', 'payments settle refunds', 'payments publish payment.refunded', checkout),
        ...chain('payments publish payment.refunded', ...reported),
        // A refund of a return would end it; this one is of none.
        ...chain('payments publish payment.refunded', 'orders process orders.settle-return'),
      ]);
    });

    test('joined answers of the gateway show each question it asked', async () => {
      const [[shopper, product], traced] = [await aShopperAndAProduct(3), aTracedOrder()];
      const order = await buy(shopper, product);
      await shopper.api.expect(200, getOrderDetails, { params: { order_id: order.id }, headers: traced.headers });
      const root = 'gateway GET /api/orders/{order_id}/details';
      await traces.hasEdges(traced, [
        ...chain(root, 'gateway asks GET /api/orders/{}', 'orders GET /api/orders/{order_id}'),
        ...chain(root, 'gateway asks GET /api/users/{}', 'users GET /api/users/{user_id}'),
        ...chain(root, 'gateway asks GET /api/products/{}', 'products GET /api/products/{product_id}'),
      ]);
    });

    test('orders that are committed together have a trace each, linked with the commit they share', async () => {
      const [shopper, product] = await aShopperAndAProduct(200);
      const traced_orders = Array.from({ length: 30 }, aTracedOrder);
      const orders = await Promise.all(traced_orders.map(({ headers }) => buy(shopper, product, { headers, wait_s: 30 })));
      assert.ok(orders.every((order) => order.status === 'confirmed'));
      const members = traced_orders.flatMap(({ trace_id }) => named(traces.trace(trace_id), 'place orders'));
      await until(
        () =>
          traced_orders.every(({ trace_id }) => named(traces.trace(trace_id), 'place orders').length === 1)
            ? undefined
            : 'not all are there',
        10_000,
      );
      const groups = (): TraceSpan[] =>
        traces.spans().filter((span) => span.name === 'place orders' && span.attributes['souk.batch_size'] !== undefined);
      await until(
        () =>
          groups().some((group) => traced_orders.some(({ trace_id }) => group.links.some((link) => link.trace_id === trace_id)))
            ? undefined
            : 'no group',
        10_000,
      );
      for (const group of groups()) {
        const joined = members.filter((span) => span.links.some((link) => link.span_id === group.span_id));
        assert.equal(group.parent_id, undefined);
        for (const span of joined)
          assert.ok(
            group.links.some((link) => link.trace_id === span.trace_id),
            'links lead both ways',
          );
      }
    });

    test('a restart of everything in the middle of a checkout does not tear its trace', async () => {
      const [[shopper, product], traced] = [await aShopperAndAProduct(3), aTracedOrder()];
      await shop.souk.stopService('payments');
      const order = await buy(shopper, product, { wait_s: 0, headers: traced.headers });
      const asked = (): boolean => named(traces.trace(traced.trace_id), 'publish payment.requested').length > 0;
      await until(() => (asked() ? undefined : 'the payment is not asked for'), 20_000);
      await shop.souk.restart();
      assert.equal((await becomes(shopper.api, order.id, 'confirmed', 'cancelled')).status, 'confirmed');
      const spans = await traces.hasEdges(traced, confirmed);
      assert.equal(new Set(spans.filter((span) => span.service === 'orders').map((span) => span.instance_id)).size, 2);
    });

    test('a request whose client sends no context begins a trace, and one that is refused is told too', async () => {
      const [shopper, product] = await aShopperAndAProduct(1);
      const correlation_id = systemIds.uuid();
      await shopper.api.refused(409, placeOrder, {
        body: { items: [{ product_id: product.id, quantity: 1 }], shipping_address, payment_method: 'tok_visa', expected_total: 1 },
        correlation_id,
      });
      const spans = (): TraceSpan[] => traces.spans().filter((span) => span.attributes['souk.correlation_id'] === correlation_id);
      await until(() => (spans().length === 2 ? undefined : `${spans().length} spans`), 10_000);
      const [trace_id, ...others] = new Set(spans().map((span) => span.trace_id));
      assert.deepEqual(others, []);
      const [place] = named(traces.trace(trace_id ?? ''), 'place orders');
      assert.equal(place?.attributes['error.type'], 'total_changed');
    });

    // The last one: its message waits for further attempts, so that nothing settles after it.
    test('a message that is tried again shows each attempt below the same publication', async () => {
      const { trace_id, headers } = aTracedOrder();
      const event_id = systemIds.uuid();
      // Of an order that nobody knows: its saga may still be on its way, so this is tried again.
      const body = {
        event_id,
        event_type: 'inventory.reserved',
        timestamp: new Date().toISOString(),
        version: '1.0',
        correlation_id: systemIds.uuid(),
        metadata: {},
        order_id: systemIds.uuid(),
        items: [{ product_id: systemIds.uuid(), quantity: 1 }],
      };
      await shop.souk.world.broker.publish([
        {
          message_id: event_id,
          routing_key: 'inventory.reserved',
          body: JSON.stringify(body),
          correlation_id: body.correlation_id,
          headers: { event_type: 'inventory.reserved', version: '1.0', ...headers },
          mandatory: true,
        },
      ]);
      await until(() => (traces.trace(trace_id).length >= 3 ? undefined : `${traces.trace(trace_id).length} attempts`), 20_000);
      const attempts = traces
        .trace(trace_id)
        .toSorted((one, other) => one.started_ms - other.started_ms)
        .slice(0, 3);
      assert.deepEqual(
        attempts.map(({ name, attributes, failed }) => [
          name,
          attributes['souk.attempt'],
          attributes['souk.outcome'],
          attributes['error.type'],
          failed,
        ]),
        [1, 2, 3].map((attempt) => ['process orders.checkout', attempt, 'retry', 'order_unseen', true]),
      );
      assert.equal(new Set(attempts.map((span) => span.parent_id)).size, 1);
    });
  });
}
