/** What staff did to orders, as administrators read it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Client, createTestClient } from '@souk/client/testing';
import { cancelOrder, listOrderActions, shipOrder } from '@souk/contracts';
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
});
