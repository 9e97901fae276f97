import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { aGateway, anUpstream, sendJson, type TestGateway, type Upstream } from './_support.ts';

const order_id = '0190a0b0-0000-7000-8000-00000000000a';
const user_id = '0190a0b0-0000-7000-8000-00000000000b';
const product_ids = [1, 2].map((number) => `0190a0b0-0000-7000-8000-0000000000c${number}`);

describe('an order with its parts', () => {
  let shop: TestGateway;
  let orders: Upstream;
  let users: Upstream;
  let products: Upstream;
  let authorization: string;
  let slow = false;
  let missing = '';
  let refused: { status: number; code: string } | undefined;

  before(async () => {
    orders = await anUpstream((_request, response) => {
      if (refused) return sendJson(response, refused.status, { code: refused.code, detail: 'No.' }, { 'retry-after': '9' });
      const items = [...product_ids, ...product_ids].map((product_id) => ({ product_id, quantity: 1 }));
      return sendJson(response, 200, { id: order_id, user_id, items });
    });
    users = await anUpstream((_request, response) => (slow ? undefined : sendJson(response, 200, { id: user_id })));
    products = await anUpstream((request, response) => {
      const id = request.url?.split('/').at(-1) ?? '';
      sendJson(response, id === missing ? 404 : 200, { id });
    });
    shop = await aGateway({ aggregation_part_timeout_ms: 150 });
    await shop.register('orders', orders);
    await shop.register('users', users);
    await shop.register('products', products);
    authorization = `Bearer ${await shop.keys.tokenFor({ user_id })}`;
  });
  beforeEach(() => {
    slow = false;
    missing = '';
    refused = undefined;
    for (const upstream of [orders, users, products]) upstream.seen.length = 0;
  });
  after(async () => {
    await shop.stop();
    await Promise.all([orders, users, products].map((upstream) => upstream.close()));
  });
  const ask = (view = 'details', id = order_id): Promise<Response> =>
    fetch(`${shop.url}/api/orders/${id}/${view}`, { headers: { authorization, 'x-correlation-id': 'story-0002' } });
  const detailsOf = async (answer: Response) =>
    (await answer.json()) as { order: { id: string }; user: unknown; products: { id: string }[]; incomplete: string[]; code?: string };

  it("comes whole, each product once, asked for with the caller's own token", async () => {
    for (const view of ['details', 'full']) {
      const answer = await ask(view);
      assert.equal(answer.status, 200);
      const details = await detailsOf(answer);
      assert.equal(details.order.id, order_id);
      assert.deepEqual(details.user, { id: user_id });
      assert.deepEqual(
        details.products.map(({ id }) => id),
        product_ids,
      );
      assert.deepEqual(details.incomplete, []);
    }
    const all = [...orders.seen, ...users.seen, ...products.seen];
    assert.equal(products.seen.length, 4);
    assert.ok(all.every(({ headers }) => headers.authorization === authorization && headers['x-correlation-id'] === 'story-0002'));
  });

  it('names what is missing: a product that is gone, a service that is too slow', async () => {
    missing = product_ids[0] ?? '';
    const first = await detailsOf(await ask());
    assert.deepEqual(first.incomplete, ['products']);
    assert.deepEqual(
      first.products.map(({ id }) => id),
      product_ids.slice(1),
    );
    slow = true;
    const second = await detailsOf(await ask());
    assert.deepEqual(second.incomplete, ['user', 'products']);
    assert.equal(second.user, null);
  });

  it('is refused as the order is refused', async () => {
    refused = { status: 404, code: 'not_found' };
    const answer = await ask();
    assert.equal(answer.status, 404);
    const problem = (await answer.json()) as { code: string; instance: string; correlation_id: string };
    assert.deepEqual(
      [problem.code, problem.instance, problem.correlation_id],
      ['not_found', `/api/orders/${order_id}/details`, 'story-0002'],
    );
    assert.equal(users.seen.length + products.seen.length, 0);
    refused = { status: 503, code: 'database_unavailable' };
    const away = await ask();
    assert.equal(away.status, 503);
    assert.equal(away.headers.get('retry-after'), '9');
    assert.equal((await ask('details', 'nonsense')).status, 400);
    assert.equal((await fetch(`${shop.url}/api/orders/${order_id}/details`)).status, 401);
  });
});
