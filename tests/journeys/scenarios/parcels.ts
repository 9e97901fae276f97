import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cancelOrder, completeOrder, getNotificationHistory, getOrder, listMovements, sendParcel } from '@souk/contracts';
import { systemIds } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import { available, buy, type Shop } from '../_support.ts';

/** Orders that are sent in several parcels. */
export function parcelScenarios(shopOf: () => Shop): void {
  test('an order leaves in two parcels: stock, messages and books follow each of them', async () => {
    const shop = shopOf();
    const [shopper, product] = [await shop.aShopper(), await shop.aProduct(5)];
    const order = await buy(shopper, product, { quantity: 3 });
    const params = { order_id: order.id };
    const parcel = (quantity: number) => ({ carrier: 'Post', tracking_number: 'P1', items: [{ product_id: product.id, quantity }] });
    const tooMany = await shop.staff.refused(409, sendParcel, { params, body: parcel(4) });
    assert.equal(tooMany.code, 'parcel_too_large');
    const first = { params, body: { ...parcel(2), tracking_url: 'https://post.example.org/P1' }, idempotency_key: systemIds.uuid() };
    const { body: sent } = await shop.staff.expect(201, sendParcel, first);
    assert.equal((await shop.staff.expect(201, sendParcel, first)).body.id, sent.id, 'the same parcel');
    await shop.booksBalance();
    const partial = (await shopper.api.expect(200, getOrder, { params })).body;
    assert.deepEqual([partial.status, partial.delivery, partial.parcels?.length], ['shipped', 'partial', 1]);
    assert.equal((await shopper.api.refused(409, cancelOrder, { params, body: {} })).code, 'order_not_cancellable');
    assert.equal((await shop.staff.refused(409, completeOrder, { params, body: {} })).code, 'order_not_completable');

    const rest = await Promise.all([1, 2].map(() => shop.staff.call(sendParcel, { params, body: parcel(1) })));
    assert.deepEqual(rest.map(({ status }) => status).sort(), [201, 409], 'one piece is left');
    assert.equal((await shop.staff.expect(200, completeOrder, { params, body: {} })).body.delivery, 'full');
    await shop.booksBalance();
    assert.equal(await available(shop, product), 2);
    const { body: movements } = await shop.staff.expect(200, listMovements, { params: { product_id: product.id } });
    const shipped = movements.filter(({ kind }) => kind === 'shipped').map(({ on_hand_change }) => on_hand_change);
    assert.deepEqual(shipped.sort(), [-1, -2]);
    await until(async () => {
      const { notifications } = (await shopper.api.expect(200, getNotificationHistory, { query: { order_id: order.id } })).body;
      const types = notifications.map(({ event_type }) => event_type);
      return types.includes('order.shipped') && types.includes('order.parcel_sent') ? undefined : types.join();
    });
  });
}
