import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { listed, openShop, type Problem, type Shop } from './_support.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop.stop());

const refused = async (method: string, path: string, body: unknown, status: number, code: string) => {
  const answer = await shop.call<Problem>(method, path, body);
  assert.deepEqual([answer.status, answer.body.code], [status, code], answer.text);
  return answer.body;
};

it('an archived product comes back from the archive by one call, with what that call changes, and sells again', async () => {
  const { id } = await shop.add({ sku: 'BACK-1', name: 'Back again', category: 'Returns' });
  await shop.call('DELETE', `/api/products/${id}`);
  const { detail } = await refused('POST', '/api/products', { sku: 'BACK-1 ', name: 'New', price: 1 }, 409, 'sku_taken');
  assert.match(detail, new RegExp(`archived. PATCH /api/products/${id} `));
  await refused('PATCH', `/api/products/${id}`, { status: 'sold' }, 400, 'validation_failed');
  const restored = await shop.call('PATCH', `/api/products/${id}`, { status: 'active', price: 7 });
  assert.deepEqual([restored.status, restored.body.status, restored.body.price], [200, 'active', 7]);
  assert.equal((await shop.call('PATCH', `/api/products/${id}`, { status: 'active' })).body.version, restored.body.version);
  assert.deepEqual(
    (await listed(shop, 'category=Returns')).map((product) => product.id),
    [id],
  );
  const events = shop.published().filter((event) => event['product_id'] === id);
  assert.deepEqual(
    events.map((event) => [event.event_type, event['status'], event['price']]),
    [
      ['product.created', 'active', 19.95],
      ['product.archived', undefined, undefined],
      ['product.updated', 'active', 7],
    ],
  );
  const replaced = { sku: 'BACK-1', name: 'Back again', price: 8 };
  assert.equal((await shop.call('PUT', `/api/products/${id}`, { ...replaced, status: 'archived' })).body.status, 'archived');
  assert.equal((await shop.call('PUT', `/api/products/${id}`, { ...replaced, status: 'active' })).body.status, 'active');
});
