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
  runGraphql,
  type Scope,
  saveProducts,
  setRole,
} from '@souk/contracts';
import { until } from '@souk/platform/testing';
import { buy, openShop, type Shop, shipping_address } from './_support.ts';

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

  test('asks of the graph what it may ask of the routes, part by part', async () => {
    const [shopper, product] = [await shop.aShopper(), await shop.aProduct(5)];
    const order = await buy(shopper, product);
    const query = `{
      product(id: "${product.id}") { name stock { available } }
      products(limit: 1) { nodes { id } } categories { name } stock(product_ids: ["${product.id}"]) { available }
      order(id: "${order.id}") { status user { id } payments { status } messages { event_type } items { product { name } } }
      orders(limit: 1) { nodes { id } } messages(order_id: "${order.id}") { id } me { id }
    }`;
    const ask = async (...scopes: Scope[]): Promise<{ data: Record<string, unknown>; missing: string[] }> => {
      const { data, errors = [] } = await (await aKey(scopes)).api.must(runGraphql, { body: { query } });
      assert.ok(
        errors.every(({ extensions }) => extensions.code === 'scope_missing'),
        JSON.stringify(errors),
      );
      return { data: data as Record<string, unknown>, missing: errors.map(({ path = [] }) => path.join('.')).sort() };
    };
    const parts: Readonly<Record<string, readonly string[]>> = {
      'products:read': ['product', 'products', 'categories', 'order.items.0.product'],
      'inventory:read': ['stock', 'product.stock'],
      'orders:read': ['order', 'orders'],
      'payments:read': ['order.payments'],
      'notifications:read': ['order.messages', 'messages'],
      'users:read': ['order.user'],
    };
    const readScopes = Object.keys(parts) as Scope[];
    assert.deepEqual((await ask(...readScopes)).missing, ['me'], 'a key has no account to look at');
    for (const scope of readScopes) {
      const { missing } = await ask(...readScopes.filter((other) => other !== scope));
      const within = (path: string): boolean =>
        (parts[scope] ?? []).some((part) => path === part || part.startsWith(`${path}.`) || path.startsWith(part));
      assert.ok(missing.includes('me') && missing.every((path) => path === 'me' || within(path)), `${scope}: ${missing}`);
      assert.ok(missing.length > 1, scope);
    }
    const { api } = await aKey(['orders:write', 'products:write']);
    assert.equal((await api.refused(403, runGraphql, { body: { query } })).code, 'scope_missing');
    const subscription = { query: `subscription { orderChanged(order_id: "${order.id}") { to } }` };
    const first = async (...scopes: Scope[]): Promise<string> => {
      const { key } = await aKey(scopes);
      const headers = { accept: 'text/event-stream', 'content-type': 'application/json', authorization: `Bearer ${key}` };
      const gone = new AbortController();
      const address = `${shop.souk.gateway_url}/graphql`;
      const answer = await fetch(address, { method: 'POST', headers, body: JSON.stringify(subscription), signal: gone.signal });
      let text = '';
      for await (const bytes of answer.body ?? []) {
        text += Buffer.from(bytes).toString('utf8');
        if (text.includes('data: {')) break;
      }
      gone.abort();
      return text;
    };
    assert.match(await first('orders:read'), /"to":"pending"/);
    assert.match(await first('products:read'), /"code":"scope_missing"/);
  });

  test('follows the events of the shop by their topics', async () => {
    const watch = async (query: string, ...scopes: Scope[]): Promise<[number, string | undefined]> => {
      const { key } = await aKey(scopes);
      const gone = new AbortController();
      const address = `${shop.souk.gateway_url}/api/live/events${query}`;
      const answer = await fetch(address, { headers: { authorization: `Bearer ${key}` }, signal: gone.signal });
      const code = answer.status === 200 ? undefined : ((await answer.json()) as { code: string }).code;
      gone.abort();
      return [answer.status, code];
    };
    assert.deepEqual(await watch('', 'orders:read', 'products:read', 'inventory:read'), [200, undefined]);
    assert.deepEqual(await watch('', 'orders:read', 'products:read'), [403, 'scope_missing']);
    assert.deepEqual(await watch('?topics=orders,products', 'orders:read', 'products:read'), [200, undefined]);
    assert.deepEqual(await watch('?topics=stock', 'orders:read', 'products:read'), [403, 'scope_missing']);
    assert.deepEqual(await watch('?topics=orders', 'orders:write'), [403, 'scope_missing']);
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
