/** What staff did to the stock of all products, as administrators read it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Client, createTestClient } from '@souk/client/testing';
import { adjustStock, listStockActions } from '@souk/contracts';
import { type TestService, testService } from '@souk/service-kit/testing';
import { openStockConsumer } from '../src/consumers/open-stock.ts';
import { reserveStockConsumer } from '../src/consumers/reserve-stock.ts';
import { buildInventory, InventoryConfig } from '../src/index.ts';
import { anOrderCreated, aProductCreated, handle, uuid } from './_support.ts';

describe('what staff did to stock', () => {
  let shop: TestService<ReturnType<typeof buildInventory>>;
  const staff_id = uuid();
  const clientOf = async (role: 'staff' | 'admin', user_id = uuid()): Promise<Client> =>
    createTestClient({ base_url: shop.url, token: await shop.tokenFor({ role, user_id }) });
  before(async () => {
    shop = await testService(buildInventory, { name: 'inventory', schema: InventoryConfig });
  });
  after(() => shop.stop());

  it('is read newest first, page by page, of all products and without what orders moved', async () => {
    const [staff, admin] = [await clientOf('staff', staff_id), await clientOf('admin')];
    const products = [uuid(), uuid()];
    for (const product_id of products) {
      await handle(shop.service.context, openStockConsumer, [aProductCreated({ product_id, initial_quantity: 10 })]);
      await handle(shop.service.context, reserveStockConsumer, [anOrderCreated({ items: [{ product_id, quantity: 1 }] })]);
      const body = { quantity_change: 5, reason: 'found' };
      await staff.expect(201, adjustStock, { params: { product_id }, body, idempotency_key: uuid() });
    }
    const first = await admin.expect(200, listStockActions, { query: { limit: 1 } });
    const cursor = decodeURIComponent(/cursor=([^>&]+)/.exec(String(first.headers['link']))?.[1] ?? '');
    const second = await admin.must(listStockActions, { query: { limit: 1, cursor } });
    assert.deepEqual(
      [...first.body, ...second].map(({ product_id, kind, on_hand_change, actor }) => [product_id, kind, on_hand_change, actor]),
      products.toReversed().map((product_id) => [product_id, 'adjusted', 5, `staff:${staff_id}`]),
    );
    assert.equal((await admin.must(listStockActions)).length, 2);
    assert.equal((await staff.refused(403, listStockActions)).code, 'forbidden');
  });
});
