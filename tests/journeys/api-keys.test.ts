/** What programs do with API keys, through the gateway. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  adjustStock,
  adjustStocks,
  cancelOrder,
  createApiKey,
  deleteApiKey,
  deleteUser,
  exportOrders,
  getOrderDetails,
  getOrderHistory,
  getStock,
  listApiKeys,
  listMovements,
  listOrders,
  login,
  placeOrder,
  type Scope,
  saveProducts,
  setRole,
} from '@souk/contracts';
import { until } from '@souk/platform/testing';
import { openShop, type Shop, shipping_address } from './_support.ts';

describe('an API key', () => {
  let shop: Shop;
  before(async () => {
    shop = await openShop();
  });
  after(() => shop.souk.stop());

  const aKey = async (scopes: Scope[]) => {
    const made = await shop.admin.must(createApiKey, { body: { name: 'Warehouse', scopes } });
    return { ...made, api: shop.anonymous.with({ token: made.key }) };
  };

  test('runs a warehouse: it orders for a customer, counts stock once, and everything says that it was the key', async () => {
    const [{ user_id }, product] = [await shop.aShopper(), await shop.aProduct(5)];
    const warehouse = await aKey(['orders:read', 'orders:write', 'users:read', 'inventory:read', 'inventory:write']);
    const by = `staff:${warehouse.created_by}/key:${warehouse.id}`;
    const items = [{ product_id: product.id, quantity: 2 }];
    const body = { user_id, items, shipping_address, payment_method: 'tok_visa' };
    const idempotency_key = 'delivery-1';
    const order = await warehouse.api.must(placeOrder, { body, idempotency_key, wait_s: 20 });
    assert.deepEqual([order.status, order.user_id], ['confirmed', user_id]);
    assert.equal((await warehouse.api.must(placeOrder, { body, idempotency_key })).id, order.id);
    const history = await warehouse.api.must(getOrderHistory, { params: { order_id: order.id } });
    assert.equal(history[0]?.actor, by);
    const params = { product_id: product.id };
    const counted = { params, body: { quantity_change: 4, reason: 'counted' }, idempotency_key };
    await warehouse.api.must(adjustStock, counted);
    await warehouse.api.must(adjustStock, counted);
    const other = await aKey(['inventory:write']);
    await other.api.must(adjustStock, counted);
    assert.equal((await warehouse.api.must(getStock, { params })).on_hand, 13, 'each key counted once');
    const adjustments = (await warehouse.api.must(listMovements, { params })).filter(({ kind }) => kind === 'adjusted');
    assert.deepEqual(
      adjustments.map(({ actor }) => actor),
      [`staff:${other.created_by}/key:${other.id}`, by],
    );
    const details = await warehouse.api.must(getOrderDetails, { params: { order_id: order.id } });
    assert.deepEqual([details.user?.id, details.incomplete], [user_id, ['products']], 'what the scopes do not cover is named');
    const cancelled = await warehouse.api.must(cancelOrder, { params: { order_id: order.id }, body: { reason: 'lost' } });
    assert.equal(cancelled.status, 'cancelled');
    await until(async () => {
      const used = (await shop.admin.must(listApiKeys)).filter(({ last_used_at }) => last_used_at !== null);
      return used.length === 2 ? undefined : 'a use is not written down';
    });
    await shop.booksBalance();
  });

  test('keeps catalogue and stock in bulk, and reads all orders', async () => {
    const erp = await aKey(['products:write', 'inventory:write', 'orders:read', 'orders:write', 'users:read']);
    const product = await shop.aProduct(1);
    const items = [
      { product_id: product.id, price: 99.5 },
      { name: 'Copper pan', price: 59, stock_quantity: 2 },
    ];
    const saved = await erp.api.must(saveProducts, { body: { items }, idempotency_key: 'night-1' });
    assert.deepEqual(await erp.api.must(saveProducts, { body: { items }, idempotency_key: 'night-1' }), saved);
    const pan = saved[1]?.product?.id ?? '';
    const counted = () =>
      erp.api.must(adjustStocks, {
        body: { items: [product.id, pan].map((product_id) => ({ product_id, quantity_change: 3, reason: 'counted' })) },
      });
    await until(async () =>
      (await shop.anonymous.call(getStock, { params: { product_id: pan } })).status === 200 ? undefined : 'no stock record',
    );
    assert.deepEqual(
      (await counted()).map(({ status, stock }) => [status, stock?.on_hand]),
      [
        [201, 4],
        [201, 5],
      ],
    );
    const { user_id } = await shop.aShopper();
    const place = () =>
      erp.api.must(placeOrder, {
        body: {
          user_id,
          items: [product.id, pan].map((product_id) => ({ product_id, quantity: 1 })),
          shipping_address,
          payment_method: 'tok_visa',
        },
        wait_s: 20,
      });
    await until(async () => ((await place()).total_amount === 158.5 ? undefined : 'the new price has not arrived'));
    const read = await erp.api.expect(200, exportOrders, {});
    assert.match(String(read.headers['content-type']), /x-ndjson/);
    await shop.booksBalance();
  });

  test('does nothing beyond its scopes', async () => {
    const [{ user_id }, product] = [await shop.aShopper(), await shop.aProduct(5)];
    const { api } = await aKey(['orders:write']);
    const body = { user_id, items: [{ product_id: product.id, quantity: 1 }], shipping_address, payment_method: 'tok_visa' };
    const refused = await api.refused(403, placeOrder, { body });
    assert.deepEqual([refused.code, refused.detail?.includes('users:read')], ['scope_missing', true]);
    for (const call of [
      api.refused(403, listOrders),
      api.refused(403, adjustStock, { params: { product_id: product.id }, body: { quantity_change: 1, reason: 'counted' } }),
      api.refused(403, createApiKey, { body: { name: 'another', scopes: ['orders:read'] } }),
      api.refused(403, setRole, { params: { user_id }, body: { role: 'admin' } }),
    ])
      assert.equal((await call).code, 'scope_missing');
  });

  test('is over when it is deleted, and when its administrator is removed', async () => {
    const deleted = await aKey(['orders:read']);
    await shop.admin.must(deleteApiKey, { params: { key_id: deleted.id } });
    assert.equal((await deleted.api.refused(401, listOrders)).code, 'token_invalid');
    const { user_id, email, password } = await shop.aShopper();
    await shop.admin.must(setRole, { params: { user_id }, body: { role: 'admin' } });
    const { access_token } = await shop.anonymous.must(login, { body: { login: email, password } });
    const second = shop.anonymous.with({ token: access_token });
    const [used, unused] = [
      await second.must(createApiKey, { body: { name: 'used', scopes: ['orders:read'] } }),
      await second.must(createApiKey, { body: { name: 'unused', scopes: ['orders:read'] } }),
    ];
    await shop.anonymous.with({ token: used.key }).must(listOrders);
    await shop.admin.must(deleteUser, { params: { user_id }, body: {} });
    assert.equal((await shop.anonymous.with({ token: unused.key }).refused(401, listOrders)).code, 'token_invalid');
    assert.ok((await shop.admin.must(listApiKeys)).every(({ created_by }) => created_by !== user_id));
    const removed_at = performance.now();
    await until(
      async () => ((await shop.anonymous.with({ token: used.key }).call(listOrders)).status === 401 ? undefined : 'still good'),
      35_000,
    );
    assert.ok(performance.now() - removed_at < 31_000, 'half a minute at most');
  });
});
