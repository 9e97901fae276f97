import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createTestClient } from '@souk/client/testing';
import { cancelOrder, completeOrder, getOrder, getOrderHistory, listOrders, type Order, placeOrder, shipOrder } from '@souk/contracts';
import {
  aCustomer,
  anId,
  anOrder,
  anOrderIn,
  anOrderRequest,
  aProduct,
  declined,
  deliver,
  openShop,
  refunded,
  rejected,
  reserved,
  type Shop,
} from './_support.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop.stop());

describe('commands on an order', () => {
  const cancel = (client: Shop['customer'], order: Order, reason?: string) =>
    client.must(cancelOrder, { params: { order_id: order.id }, body: reason === undefined ? {} : { reason } });
  const ship = (order: Order) =>
    shop.staff.must(shipOrder, { params: { order_id: order.id }, body: { carrier: 'Post', tracking_number: '42' } });
  const complete = (order: Order) => shop.staff.must(completeOrder, { params: { order_id: order.id } });

  test('a customer cancels; the reason is noted; again is the same answer', async () => {
    const order = await anOrderIn(shop, 'confirmed');
    const cancelled = await cancel(shop.customer, order, 'changed my mind');
    assert.deepEqual([cancelled.status, cancelled.cancel_reason, cancelled.version], ['cancelled', 'customer_request', 4]);
    assert.deepEqual(await cancel(shop.customer, order), cancelled);
    assert.deepEqual(await shop.customer.must(getOrder, { params: { order_id: order.id } }), cancelled);
    const history = await shop.customer.must(getOrderHistory, { params: { order_id: order.id } });
    assert.deepEqual(
      history.map(({ version, from, to, cause, actor, note }) => [version, from, to, cause, actor, note]),
      [
        [1, null, 'pending', 'place_requested', `user:${shop.customer_id}`, null],
        [2, 'pending', 'awaiting_payment', 'inventory.reserved', 'system', null],
        [3, 'awaiting_payment', 'confirmed', 'payment.processed', 'system', null],
        [4, 'confirmed', 'cancelled', 'cancel_requested', `user:${shop.customer_id}`, 'changed my mind'],
      ],
    );
  });

  test('staff cancel, ship and complete; repeats are answered alike; what is too late is refused', async () => {
    assert.equal((await cancel(shop.staff, await anOrderIn(shop, 'pending'))).cancel_reason, 'staff_request');
    const order = await anOrderIn(shop, 'confirmed');
    const params = { order_id: order.id };
    assert.equal((await shop.staff.refused(409, completeOrder, { params })).code, 'order_not_completable');
    const shipped = await ship(order);
    assert.deepEqual([shipped.status, shipped.carrier, shipped.tracking_number], ['shipped', 'Post', '42']);
    assert.deepEqual(await ship(order), shipped);
    assert.equal((await shop.customer.refused(409, cancelOrder, { params, body: {} })).code, 'order_not_cancellable');
    const completed = await complete(order);
    assert.deepEqual(await complete(order), completed);
    assert.deepEqual([completed.status, completed.carrier, completed.version], ['completed', 'Post', 5]);
    assert.equal(
      (await shop.staff.refused(409, shipOrder, { params, body: { carrier: 'Post', tracking_number: '42' } })).code,
      'order_not_shippable',
    );
  });

  test('a command for an older version of the order is refused, unless it has been carried out', async () => {
    const order = await anOrderIn(shop, 'confirmed');
    const params = { order_id: order.id };
    const older = { 'if-match': `"${order.version - 1}"` };
    const current = { 'if-match': `"${order.version}"` };
    const shipment = { carrier: 'Post', tracking_number: '42' };
    assert.equal((await shop.customer.refused(412, cancelOrder, { params, body: {}, headers: older })).code, 'precondition_failed');
    assert.equal((await shop.staff.refused(412, shipOrder, { params, body: shipment, headers: older })).code, 'precondition_failed');
    assert.deepEqual(await shop.customer.must(getOrder, { params }), order, 'nothing has happened');
    assert.equal((await shop.staff.must(shipOrder, { params, body: shipment, headers: current })).status, 'shipped');
    assert.equal((await shop.staff.must(shipOrder, { params, body: shipment, headers: current })).status, 'shipped');
    assert.equal((await shop.staff.refused(412, completeOrder, { params, headers: current })).code, 'precondition_failed');
    assert.equal((await shop.staff.must(completeOrder, { params, headers: { 'if-match': '*' } })).status, 'completed');
  });

  test('the order of another customer is not there', async () => {
    const order = await anOrder(shop);
    const stranger = await aCustomer(shop);
    const params = { order_id: order.id };
    await stranger.refused(404, getOrder, { params });
    await stranger.refused(404, getOrderHistory, { params });
    await stranger.refused(404, cancelOrder, { params, body: {} });
    await shop.customer.refused(403, shipOrder, { params, body: { carrier: 'Post', tracking_number: '42' } });
    assert.equal((await shop.staff.must(getOrder, { params })).id, order.id);
    await shop.customer.refused(404, getOrder, { params: { order_id: anId() } });
  });

  test('of a cancellation and a shipment at once exactly one wins', async () => {
    for (let round = 0; round < 5; round += 1) {
      const order = await anOrderIn(shop, 'confirmed');
      const params = { order_id: order.id };
      const answers = await Promise.all([
        shop.customer.call(cancelOrder, { params, body: {} }),
        shop.staff.call(shipOrder, { params, body: { carrier: 'Post', tracking_number: '42' } }),
      ]);
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
    }
  });
});

describe('reading orders', () => {
  test('a reader who has the order gets 304, and the new one after a change', async () => {
    const order = await anOrder(shop);
    const params = { order_id: order.id };
    const etag = (await shop.customer.call(getOrder, { params })).headers['etag'] ?? '';
    assert.equal((await shop.customer.call(getOrder, { params, headers: { 'if-none-match': etag } })).status, 304);
    await deliver(shop.ctx, [rejected(order)]);
    const changed = await shop.customer.call(getOrder, { params, headers: { 'if-none-match': etag } });
    assert.equal(changed.status, 200);
    assert.match(String(changed.headers['etag']), /^"2~/);
  });

  test('reads at the same time answer each its own order, and hide those of others', async () => {
    const orders = await Promise.all([anOrder(shop), anOrder(shop), anOrder(shop, {}, await aCustomer(shop))]);
    const wanted = [...orders.map(({ id }) => id), anId()];
    const answers = await Promise.all(wanted.map((order_id) => shop.customer.call(getOrder, { params: { order_id } })));
    assert.deepEqual(
      answers.map(({ status, body }) => (status === 200 ? (body as Order).id : status)),
      [wanted[0], wanted[1], 404, 404],
    );
  });

  test('lists are newest first, continue behind a cursor, and filter', async () => {
    const customer = await aCustomer(shop);
    const product = await aProduct(shop.ctx);
    const placed: Order[] = [];
    for (let count = 0; count < 5; count += 1) placed.push(await customer.must(placeOrder, { body: anOrderRequest(product) }));
    const newest = placed.map(({ id }) => id).reverse();
    const first = await customer.call(listOrders, { query: { limit: 3 } });
    assert.deepEqual(
      (first.body as Order[]).map(({ id }) => id),
      newest.slice(0, 3),
    );
    const cursor = new URL(first.next ?? '', shop.url).searchParams.get('cursor') ?? '';
    const rest = await customer.call(listOrders, { query: { limit: 3, cursor } });
    assert.deepEqual(
      (rest.body as Order[]).map(({ id }) => id),
      newest.slice(3),
    );
    assert.equal(rest.headers['link'], undefined);
    assert.deepEqual(
      (await customer.must(listOrders, { query: { skip: 4 } })).map(({ id }) => id),
      newest.slice(4),
    );
    await deliver(shop.ctx, [declinedAfterReserve(placed[0] as Order)].flat());
    const cancelled = await shop.staff.must(listOrders, { query: { status: 'cancelled', user_id: placed[0]?.user_id ?? '' } });
    assert.deepEqual(
      cancelled.map(({ id, cancel_reason }) => [id, cancel_reason]),
      [[placed[0]?.id, 'payment_declined']],
    );
    assert.equal((await customer.refused(400, listOrders, { query: { cursor: 'x' } })).code, 'cursor_invalid');
    for (const from of [
      '2026-02-30T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-12-01T25:00:00Z',
      '2026-12-01T23:59:60Z',
      '0000-01-01T00:00:00Z',
    ])
      assert.equal((await customer.refused(400, listOrders, { query: { from } })).code, 'validation_failed', from);
    await customer.refused(403, listOrders, { query: { user_id: anId() } });
  });

  test('many are read by their ids in that order: a customer the own ones, staff all', async () => {
    const [one, other, foreign] = [await anOrder(shop), await anOrder(shop), await anOrder(shop, {}, await aCustomer(shop))];
    const ids = [other.id, anId(), foreign.id, one.id].join(',');
    const read = async (client: typeof shop.customer) => (await client.must(listOrders, { query: { ids } })).map(({ id }) => id);
    assert.deepEqual(await read(shop.customer), [other.id, one.id]);
    assert.deepEqual(await read(shop.staff), [other.id, foreign.id, one.id]);
    assert.deepEqual(await read(await aCustomer(shop)), []);
    const [whole] = await shop.customer.must(listOrders, { query: { ids: one.id } });
    assert.deepEqual(whole, await shop.customer.must(getOrder, { params: { order_id: one.id } }));
    assert.equal((await shop.staff.refused(400, listOrders, { query: { ids, status: 'pending' } })).code, 'validation_failed');
  });

  test('refunds are noted once in the history, also when another event repeats them', async () => {
    const order = await anOrderIn(shop, 'confirmed');
    const refund_id = anId();
    await deliver(shop.ctx, [refunded(order, { refund_id }), refunded(order, { refund_id })]);
    await deliver(shop.ctx, [refunded(order, { refund_id }), refunded(order)]);
    const history = await shop.customer.must(getOrderHistory, { params: { order_id: order.id } });
    assert.deepEqual(
      history.slice(3).map(({ from, to, note }) => [from, to, note]),
      [
        ['confirmed', 'confirmed', 'refunded 1.5 EUR: scratched'],
        ['confirmed', 'confirmed', 'refunded 1.5 EUR: scratched'],
      ],
    );
  });

  test('each line of a history has a number of its own, also where a transition and a note share a version', async () => {
    const order = await anOrderIn(shop, 'confirmed');
    const params = { order_id: order.id };
    await shop.staff.must(shipOrder, { params, body: { carrier: 'Post', tracking_number: '42' } });
    await deliver(shop.ctx, [refunded(order), refunded(order)]);
    await shop.staff.must(completeOrder, { params });
    const history = await shop.customer.must(getOrderHistory, { params });
    assert.deepEqual(
      history.map(({ version, to, note }) => [version, to, note === null]),
      [
        [1, 'pending', true],
        [2, 'awaiting_payment', true],
        [3, 'confirmed', true],
        [4, 'shipped', true],
        [4, 'shipped', false],
        [4, 'shipped', false],
        [5, 'completed', true],
      ],
    );
    const sequences = history.map(({ sequence }) => sequence);
    assert.deepEqual(
      [...new Set(sequences)].sort((one, other) => one - other),
      sequences,
    );
  });

  test('an order is found by the number people read out, its own by a customer, each by staff', async () => {
    const order = await anOrder(shop);
    const query = { number: order.order_number };
    assert.deepEqual(
      (await shop.customer.must(listOrders, { query })).map(({ id }) => id),
      [order.id],
    );
    assert.deepEqual(await shop.staff.must(listOrders, { query }), [order]);
    assert.deepEqual(await (await aCustomer(shop)).must(listOrders, { query }), []);
    assert.equal((await shop.customer.refused(400, listOrders, { query: { number: '10002' } })).code, 'validation_failed');
  });

  test('an order has its members in one order, whether it was just placed, is read, listed or answered again', async () => {
    const { product_id } = await aProduct(shop.ctx);
    const shipping_address = { country: 'CH', postal_code: '3000', city: 'Bern', full_name: 'Carla', street: 'Lindenweg 4', phone: '1' };
    const body = { ...anOrderRequest({ product_id }), shipping_address };
    const idempotency_key = anId();
    const placed = JSON.stringify(await shop.customer.must(placeOrder, { body, idempotency_key }));
    const params = { order_id: (JSON.parse(placed) as Order).id };
    assert.equal(JSON.stringify(await shop.customer.must(placeOrder, { body, idempotency_key })), placed, 'a replay');
    assert.equal(JSON.stringify(await shop.customer.must(getOrder, { params })), placed, 'a read');
    assert.equal(JSON.stringify((await shop.customer.must(listOrders, { query: { limit: 1 } }))[0]), placed, 'a list');
    const cancelled = await shop.customer.must(cancelOrder, { params, body: {} });
    assert.equal(JSON.stringify(await shop.customer.must(getOrder, { params })), JSON.stringify(cancelled), 'a command');
  });

  test('the auditor reads records in minor units, page by page', async () => {
    const order = await anOrderIn(shop, 'awaiting_payment');
    const records: Record<string, unknown>[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const query = `kind=orders&limit=7${after === '' ? '' : `&after=${after}`}`;
      const answer = await fetch(`${shop.url}/internal/audit/records?${query}`, {
        headers: { authorization: `Bearer ${shop.internal_token}` },
      });
      const page = (await answer.json()) as { records: Record<string, unknown>[]; next: string | null };
      records.push(...page.records);
      after = page.next;
    }
    assert.equal(new Set(records.map(({ key }) => key)).size, records.length);
    const record = records.find(({ key }) => key === order.id);
    const items = record?.['items'] as { product_id: string; quantity: number; price: number; line_total: number }[];
    assert.deepEqual(
      items.map(({ product_id, quantity }) => ({ product_id, quantity })),
      order.items.map(({ product_id, quantity }) => ({ product_id, quantity })),
    );
    const [by_price, by_line] = [
      items.reduce((sum, one) => sum + one.price * one.quantity, 0),
      items.reduce((sum, one) => sum + one.line_total, 0),
    ];
    assert.deepEqual([record?.['status'], record?.['total_amount'], by_price, by_line], ['awaiting_payment', 2_500, 2_500, 2_500]);
    const history = record?.['history'] as { version: number; from: string | null; to: string }[];
    assert.deepEqual(
      history.map(({ version, from, to }) => [version, from, to]),
      [
        [1, null, 'pending'],
        [2, 'pending', 'awaiting_payment'],
      ],
    );
    assert.equal(typeof record?.['deadline_at_ms'], 'number');
  });
});

test('a request without a token is refused with 401', async () => {
  await createTestClient({ base_url: shop.url }).refused(401, listOrders);
});

function declinedAfterReserve(order: Order) {
  return [declined(order), reserved(order)];
}
