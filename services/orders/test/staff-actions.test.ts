/** What staff did to orders, as administrators read it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Client, createTestClient } from '@souk/client/testing';
import {
  approveReturn,
  cancelOrder,
  changePromotion,
  createPromotion,
  createPromotionCodes,
  createShippingZone,
  createTaxRate,
  deleteShippingZone,
  listOrderActions,
  listShopActions,
  putTaxCountry,
  requestReturn,
  shipOrder,
  withdrawPromotionCode,
} from '@souk/contracts';
import { required } from '@souk/kernel';
import { anId, anOrderIn, openShop, type Shop } from './_support.ts';

describe('what staff did to orders', () => {
  let shop: Shop;
  let admin: Client;
  before(async () => {
    shop = await openShop();
    admin = createTestClient({ base_url: shop.url, token: await shop.tokenFor({ user_id: anId(), role: 'admin' }) });
  });
  after(() => shop.stop());

  test('is read newest first, page by page, without what customers and the system did', async () => {
    const [shipped, cancelled, own] = [
      await anOrderIn(shop, 'confirmed'),
      await anOrderIn(shop, 'confirmed'),
      await anOrderIn(shop, 'confirmed'),
    ];
    const body = { carrier: 'Post', tracking_number: 'RR1' };
    await shop.staff.must(shipOrder, { params: { order_id: shipped.id }, body });
    await shop.customer.must(cancelOrder, { params: { order_id: own.id }, body: {} });
    await shop.staff.must(cancelOrder, { params: { order_id: cancelled.id }, body: {} });
    const first = await admin.expect(200, listOrderActions, { query: { limit: 1 } });
    const cursor = decodeURIComponent(/cursor=([^>&]+)/.exec(String(first.headers['link']))?.[1] ?? '');
    const second = await admin.must(listOrderActions, { query: { limit: 1, cursor } });
    assert.deepEqual(
      [...first.body, ...second].map(({ order_number, to, actor }) => [order_number, to, actor]),
      [
        [cancelled.order_number, 'cancelled', `staff:${shop.staff_id}`],
        [shipped.order_number, 'shipped', `staff:${shop.staff_id}`],
      ],
    );
    assert.equal((await admin.must(listOrderActions)).length, 2);
  });

  test('is for administrators', async () => {
    for (const client of [shop.staff, shop.customer]) assert.equal((await client.refused(403, listOrderActions)).code, 'forbidden');
    const cursor = Buffer.from('"half"').toString('base64url');
    assert.equal((await admin.refused(400, listOrderActions, { query: { cursor } })).code, 'cursor_invalid');
  });

  test('to promotions, tax, shipping and returns is written with each change, and nothing of what was refused', async () => {
    const { staff } = shop;
    const promotion = await staff.must(createPromotion, { body: { label: 'Winter', kind: 'percent', value: 10 } });
    const params = { promotion_id: promotion.id };
    await staff.must(changePromotion, { params, body: { value: 20 } });
    await staff.must(changePromotion, { params, body: { active: true } });
    await staff.refused(412, changePromotion, { params, body: { active: false }, headers: { 'if-match': '"1"' } });
    await staff.must(createPromotionCodes, { params, body: { code: 'winter10' } });
    for (const _ of ['first', 'again']) await staff.must(withdrawPromotionCode, { params, body: { code: 'winter10' } });
    await staff.must(putTaxCountry, { params: { country: 'PT' }, body: { included: true } });
    const rate = await staff.must(createTaxRate, {
      body: { country: 'PT', name: 'IVA', rate_percent: 23, valid_from: '2020-01-01T00:00:00Z' },
    });
    const zone = await staff.must(createShippingZone, { body: { name: 'Iberia', countries: ['PT'] } });
    await staff.must(deleteShippingZone, { params: { zone_id: zone.id } });
    const order = await anOrderIn(shop, 'confirmed');
    await staff.must(shipOrder, { params: { order_id: order.id }, body: { carrier: 'Post', tracking_number: 'RR3' } });
    const items = [{ product_id: required(order.items[0], 'a line').product_id, quantity: 1, reason: 'too small' }];
    const back = await shop.customer.must(requestReturn, { params: { order_id: order.id }, body: { items }, idempotency_key: anId() });
    await staff.must(approveReturn, { params: { return_id: back.id }, body: {} });

    const written = await admin.must(listShopActions);
    assert.deepEqual(
      written.toReversed().map(({ subject, action, subject_id, label }) => [subject, action, subject_id, label]),
      [
        ['promotion', 'created', promotion.id, 'Winter'],
        ['promotion', 'changed', promotion.id, 'Winter'],
        ['promotion', 'started', promotion.id, 'Winter'],
        ['promotion_codes', 'created', promotion.id, 'WINTER10'],
        ['promotion_codes', 'withdrawn', promotion.id, 'WINTER10'],
        ['tax_country', 'created', 'PT', 'PT'],
        ['tax_rate', 'created', rate.id, 'PT: IVA'],
        ['shipping_zone', 'created', zone.id, 'Iberia'],
        ['shipping_zone', 'deleted', zone.id, 'Iberia'],
        ['return', 'approved', back.id, back.number],
      ],
    );
    assert.ok(written.every(({ actor }) => actor === `staff:${shop.staff_id}`));
    const first = await admin.expect(200, listShopActions, { query: { limit: 4 } });
    const cursor = decodeURIComponent(/cursor=([^>&]+)/.exec(String(first.headers['link']))?.[1] ?? '');
    assert.deepEqual([...first.body, ...(await admin.must(listShopActions, { query: { cursor } }))], written);
    for (const client of [staff, shop.customer]) assert.equal((await client.refused(403, listShopActions)).code, 'forbidden');
  });
});
