/** What operators are told of single orders, from what the services keep and nothing else. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createTestClient } from '@souk/client/testing';
import { cancelOrder, deleteUser, explainOrder, explainOrderRoute, type OrderExplanation, shipOrder } from '@souk/contracts';
import { systemIds } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { until } from '@souk/platform/testing';
import { becomes, buy, openShop, type Shop } from './_support.ts';

describe('why an order is as it is', () => {
  let shop: Shop;
  before(async () => {
    shop = await openShop({ env: { SAGA_PAYMENT_DEADLINE_MS: '1500', DEADLINE_POLL_MS: '200' } });
  });
  after(() => shop?.souk.stop());

  const why = async (order_id: string): Promise<OrderExplanation> => {
    await shop.souk.settle();
    return (await shop.staff.expect(200, explainOrder, { params: { order_id } })).body;
  };
  const kinds = ({ steps }: OrderExplanation): string[] => steps.map(({ kind }) => kind);
  /** A cause stands before its effect, and the effect waited for as long as lies between them. */
  const isCausal = ({ steps }: OrderExplanation): void => {
    for (const { number, because_of } of steps) for (const { step } of because_of) assert.ok(step < number, `${number} because of ${step}`);
  };

  test('a confirmed and sent order: each step with its cause, the ids of events, and no problem', async () => {
    const [shopper, product] = [await shop.aShopper(), await shop.aProduct(5)];
    const order = await buy(shopper, product, { quantity: 2, idempotency_key: 'why-1' });
    const params = { order_id: order.id };
    await shop.staff.expect(200, shipOrder, { params, body: { carrier: 'Post', tracking_number: 'P1' } });
    const explanation = await why(order.id);
    isCausal(explanation);
    assert.deepEqual(kinds(explanation).sort(), [
      'charge_succeeded',
      'message_sent',
      'message_sent',
      'order_awaiting_payment',
      'order_confirmed',
      'order_placed',
      'order_shipped',
      'payment_captured',
      'payment_requested',
      'stock_held',
      'stock_left',
    ]);
    const carried = explanation.steps.flatMap(({ because_of }) => because_of.filter(({ event_type }) => event_type !== null));
    const without = carried.filter(({ event_id }) => event_id === null).map(({ event_type }) => event_type);
    assert.deepEqual(without, ['order.created'], 'only this id is kept nowhere');
    assert.match(explanation.summary, /^Order S-\d+ was placed on .* for 259\.90 EUR: 2 × Copper kettle\./);
    assert.match(
      explanation.summary,
      /259\.90 EUR were charged once.* It was confirmed .* It was sent .* Messages to the customer: 2 sent\.$/,
    );
    assert.deepEqual(
      explanation.steps.filter(({ is_problem }) => is_problem),
      [],
    );
    assert.deepEqual(explanation.incomplete, []);
  });

  test('an order that survived a crash of inventory: the wait is in the explanation, and nothing is a problem', async () => {
    const [shopper, product] = [await shop.aShopper(), await shop.aProduct(5)];
    await shop.souk.stopService('inventory');
    const order = await buy(shopper, product, { wait_s: 0 });
    const { body } = await shop.staff.expect(200, explainOrder, { params: { order_id: order.id } });
    assert.deepEqual(body.incomplete, ['inventory']);
    assert.match(body.summary, /It waits for its stock since .*; on .* it would be cancelled\. No answer came from inventory/);
    await shop.souk.startService('inventory');
    await becomes(shopper.api, order.id, 'confirmed');
    const explanation = await why(order.id);
    isCausal(explanation);
    const held = explanation.steps.find(({ kind }) => kind === 'stock_held');
    const placed = explanation.steps.find(({ kind }) => kind === 'order_placed');
    assert.deepEqual(held?.because_of[0]?.step, placed?.number);
    assert.equal(held?.because_of[0]?.waited_ms, held?.after_ms);
    assert.match(explanation.summary, /It was confirmed/);
  });

  test('money that came after the cancellation went back', async () => {
    const [shopper, product] = [await shop.aShopper(), await shop.aProduct(5)];
    const order = await buy(shopper, product, { payment_method: 'tok_slow', wait_s: 0 });
    await becomes(shopper.api, order.id, 'cancelled');
    await until(async () => {
      const { steps } = (await shop.staff.expect(200, explainOrder, { params: { order_id: order.id } })).body;
      return steps.some(({ kind }) => kind === 'refund_done') ? undefined : 'no refund yet';
    }, 20_000);
    const explanation = await why(order.id);
    isCausal(explanation);
    const order_of = kinds(explanation);
    assert.ok(order_of.indexOf('order_cancelled') < order_of.indexOf('payment_captured'), order_of.join());
    assert.ok(order_of.indexOf('payment_captured') < order_of.indexOf('refund_given'), order_of.join());
    const promised = explanation.steps.find(({ kind }) => kind === 'refund_promised');
    assert.deepEqual(
      promised?.because_of.map(({ step }) => explanation.steps[step - 1]?.kind),
      ['order_cancelled', 'payment_captured'],
    );
    assert.match(explanation.summary, /because its payment was not known in time; what was held for it was released\./);
    assert.match(explanation.summary, /129\.95 EUR went back because the money came after the cancellation/);
  });

  test('an order in a dead letter: which, why, and what puts it back', async () => {
    const [shopper, product] = [await shop.aShopper(), await shop.aProduct(5)];
    const order = await buy(shopper, product);
    const event_id = systemIds.uuid();
    const broken = { event_type: 'order.cancelled', event_id, order_id: order.id };
    await shop.souk.world.broker.publishTo('inventory.release-stock', [
      {
        message_id: event_id,
        routing_key: 'order.cancelled',
        body: JSON.stringify(broken),
        correlation_id: event_id,
        headers: { event_type: 'order.cancelled', version: '1.0' },
        mandatory: true,
      },
    ]);
    await until(async () => {
      const { steps } = (await shop.staff.expect(200, explainOrder, { params: { order_id: order.id } })).body;
      return steps.some(({ kind }) => kind === 'dead_letter') ? undefined : 'no dead letter yet';
    });
    const explanation = await why(order.id);
    const letter = explanation.steps.find(({ kind }) => kind === 'dead_letter');
    assert.equal(letter?.is_problem, true);
    assert.match(
      explanation.summary,
      /order\.cancelled to inventory\.release-stock is a dead letter after \d+ attempts \(event_invalid\): put it back with souk dead replay inventory-\d+/,
    );
  });

  test('an order of an erased customer: what is personal is gone, the books stay', async () => {
    const [shopper, product] = [await shop.aShopper(), await shop.aProduct(5)];
    const order = await buy(shopper, product);
    const params = { order_id: order.id };
    await shopper.api.expect(200, cancelOrder, { params, body: { reason: 'Carla has changed her mind' } });
    await shopper.api.expect(204, deleteUser, { params: { user_id: shopper.user_id }, body: { current_password: shopper.password } });
    await until(async () => {
      const { steps } = (await shop.staff.expect(200, explainOrder, { params })).body;
      return steps.some(({ kind }) => kind === 'noted_user_deleted') ? undefined : 'not erased yet';
    });
    const explanation = await why(order.id);
    isCausal(explanation);
    assert.match(explanation.summary, /Its customer's account was erased on .*; what is personal is gone, the books stay\./);
    assert.ok(kinds(explanation).includes('refund_done'));
    for (const personal of [shopper.email, 'Carla', 'Market Square', 'tok_visa'])
      assert.ok(!JSON.stringify(explanation).includes(personal), personal);
  });

  test('is for staff only, says so of an unknown order, and takes its number from operators', async () => {
    const [shopper, product] = [await shop.aShopper(), await shop.aProduct(5)];
    const order = await buy(shopper, product);
    const params = { order_id: order.id };
    assert.equal((await shopper.api.refused(403, explainOrder, { params })).code, 'forbidden');
    assert.equal((await shop.staff.refused(404, explainOrder, { params: { order_id: systemIds.uuid() } })).code, 'not_found');
    const token = platformKeys(shop.souk.internal_token).internalToken('operations');
    const operations = createTestClient({ base_url: shop.souk.urlOf('operations'), token });
    const { body } = await operations.expect(200, explainOrderRoute, { params: { order: order.order_number } });
    assert.equal(body.order_id, order.id);
    assert.equal((await operations.refused(404, explainOrderRoute, { params: { order: 'S-99999999' } })).code, 'not_found');
    await shop.souk.stopService('orders');
    assert.equal((await shop.staff.refused(503, explainOrder, { params })).code, 'service_unavailable');
    await shop.souk.startService('orders');
  });
});
