/** The check that comes with the exercise Souk grew from: services called on their own ports, with a token added. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { login, serviceNames } from '@souk/contracts';
import { required, systemIds } from '@souk/kernel';
import { openShop, type Shop, shipping_address } from './_support.ts';

type Json = Record<string, unknown>;

describe("the exercise's own check", () => {
  let shop: Shop;
  let token: string;
  before(async () => {
    shop = await openShop();
    const { username, password } = required(
      shop.souk.accounts.find(({ role }) => role === 'staff'),
      'a member of staff',
    );
    token = (await shop.anonymous.must(login, { body: { login: username, password } })).access_token;
  });
  after(() => shop.souk.stop());

  async function ask(url: string, method: string, path: string, body?: Json): Promise<{ status: number; body: unknown }> {
    const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) };
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
  }
  const aUser = (): Json => {
    const name = `t${systemIds.uuid().slice(-12)}`;
    return { username: name, email: `${name}@example.com`, full_name: 'Test User', password: 'password123' };
  };
  const idOf = ({ body }: { body: unknown }): string => String((body as Json)['id']);

  test('every service says that it is healthy', async () => {
    for (const name of serviceNames) {
      const { status, body } = await ask(shop.souk.urlOf(name), 'GET', '/health');
      assert.deepEqual([status, (body as Json)['status']], [200, 'healthy'], name);
    }
  });

  test('a user is created, read, listed, updated by one member, and deleted', async () => {
    const users = shop.souk.urlOf('users');
    const created = await ask(users, 'POST', '/api/users', aUser());
    assert.equal(created.status, 201);
    const path = `/api/users/${idOf(created)}`;
    assert.equal((await ask(users, 'GET', path)).status, 200);
    const listed = await ask(users, 'GET', '/api/users');
    assert.ok(listed.status === 200 && Array.isArray(listed.body));
    const updated = await ask(users, 'PUT', path, { full_name: 'Updated Test User' });
    assert.deepEqual([updated.status, (updated.body as Json)['full_name']], [200, 'Updated Test User']);
    assert.equal((await ask(users, 'DELETE', path)).status, 204);
  });

  test('a product with stock is ordered for a user who exists, and not for one who does not', async () => {
    const [users, products, orders] = [shop.souk.urlOf('users'), shop.souk.urlOf('products'), shop.souk.urlOf('orders')];
    const product = await ask(products, 'POST', '/api/products', {
      name: 'Order Test Product',
      description: 'Product for order testing',
      price: 50,
      stock_quantity: 10,
      category: 'Test',
    });
    assert.equal(product.status, 201);
    assert.equal((await ask(products, 'GET', `/api/products/${idOf(product)}`)).status, 200);
    const user_id = idOf(await ask(users, 'POST', '/api/users', aUser()));
    const items = [{ product_id: idOf(product), quantity: 2 }];
    const order = await ask(orders, 'POST', '/api/orders', { user_id, items, shipping_address, payment_method: 'tok_visa' });
    assert.deepEqual([order.status, (order.body as Json)['total_amount']], [201, 100]);
    const stranger = { user_id: systemIds.uuid(), items, shipping_address, payment_method: 'tok_visa' };
    const refused = await ask(orders, 'POST', '/api/orders', stranger);
    assert.deepEqual([refused.status, (refused.body as Json)['code']], [400, 'user_unknown']);
    const full = await ask(shop.souk.gateway_url, 'GET', `/api/orders/${idOf(order)}/full`);
    assert.equal(full.status, 200);
    assert.deepEqual((full.body as Json)['incomplete'], []);
  });
});
