/** Many new and changed products in one request. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Product } from '@souk/contracts';
import { openShop, type Problem, type Shop } from './_support.ts';

interface Result {
  status: number;
  product: Product | null;
  problem: (Problem & { instance: string }) | null;
}

describe('a batch of products', () => {
  let shop: Shop;
  before(async () => {
    shop = await openShop();
  });
  after(() => shop.stop());

  const save = (items: readonly object[], headers: Record<string, string> = {}) =>
    shop.call<Result[]>('POST', '/api/products/batch', { items }, headers);
  const read = async (id: string): Promise<Product> => (await shop.call('GET', `/api/products/${id}`)).body;
  const outcomes = (results: readonly Result[]) => results.map(({ status, product, problem }) => [status, product?.sku ?? problem?.code]);

  it('adds and changes, with a result for each item in their order; what is refused leaves the others done', async () => {
    const lamp = await shop.add({ sku: 'LAMP', name: 'Lamp', category: 'Lamps', price: 10 });
    const archived = await shop.add({ sku: 'OLD' });
    await shop.call('DELETE', `/api/products/${archived.id}`);
    const same = await shop.add({ sku: 'SAME', price: 5 });
    const before = shop.published().length;
    const { status, body } = await save([
      { product_id: lamp.id, price: 12.5, expected_version: 1 },
      { sku: 'STOOL', name: 'Stool', price: 79, category: 'Stools', stock_quantity: 3 },
      { sku: 'STOOL', name: 'Another stool', price: 80 },
      { sku: 'LAMP', name: 'Another lamp', price: 9 },
      { name: 'Nameless SKU', price: 1.999 },
      { name: 'Without a price' },
      { product_id: randomUUID(), price: 1 },
      { product_id: archived.id, price: 1 },
      { product_id: lamp.id, price: 13 },
      { product_id: same.id, price: 5 },
      { sku: 'OLD', name: 'Old again', price: 2 },
      { name: 'A plain bench', price: 30 },
    ]);
    assert.equal(status, 200);
    assert.deepEqual(outcomes(body), [
      [200, 'LAMP'],
      [201, 'STOOL'],
      [409, 'sku_taken'],
      [409, 'sku_taken'],
      [400, 'amount_invalid'],
      [400, 'validation_failed'],
      [404, 'not_found'],
      [409, 'product_archived'],
      [400, 'validation_failed'],
      [200, 'SAME'],
      [409, 'sku_taken'],
      [201, body[11]?.product?.sku],
    ]);
    assert.match(body[11]?.product?.sku ?? '', /^a-plain-bench-/);
    assert.deepEqual(
      [4, 5, 8].map((index) => body[index]?.problem?.errors?.[0]?.pointer),
      ['/items/4/price', '/items/5/price', '/items/8/product_id'],
    );
    assert.match(body[10]?.problem?.detail ?? '', new RegExp(`PATCH /api/products/${archived.id}`));
    assert.equal(body[0]?.problem, null);
    assert.deepEqual([(await read(lamp.id)).price, (await read(lamp.id)).version], [12.5, 2]);
    const stool = await read(body[1]?.product?.id ?? '');
    assert.deepEqual(stool, body[1]?.product);
    assert.equal(stool.stock_quantity, 3);
    const events = shop.published().slice(before);
    assert.deepEqual(
      events.map(({ event_type, product_id, initial_quantity }) => [event_type, product_id, initial_quantity ?? null]).sort(),
      [
        ['product.created', body[11]?.product?.id, 0],
        ['product.created', stool.id, 3],
        ['product.updated', lamp.id, null],
      ].sort(),
    );
    const categories = (await shop.call<{ name: string; product_count: number }[]>('GET', '/api/categories')).body;
    assert.equal(categories.find(({ name }) => name === 'Stools')?.product_count, 1);
  });

  it('changes only what has the expected version', async () => {
    const product = await shop.add({ sku: 'VERSIONED' });
    const change = { product_id: product.id, name: 'New name', expected_version: 1 };
    assert.deepEqual(outcomes((await save([change])).body), [[200, 'VERSIONED']]);
    assert.deepEqual(outcomes((await save([change])).body), [[412, 'precondition_failed']]);
    assert.deepEqual(outcomes((await save([{ product_id: product.id, stock_quantity: 4 }])).body), [[400, 'validation_failed']]);
    assert.deepEqual(outcomes((await save([{ name: 'x', price: 1, status: 'active' }])).body), [[400, 'validation_failed']]);
    assert.deepEqual(outcomes((await save([{ product_id: product.id, status: 'archived' }])).body), [[200, 'VERSIONED']]);
    assert.equal((await read(product.id)).status, 'archived');
  });

  it('is done once for its idempotency key', async () => {
    const items = [{ sku: 'ONCE', name: 'Once', price: 1 }, { name: 'No price' }];
    const headers = { 'idempotency-key': 'catalogue-1' };
    const answers = await Promise.all([save(items, headers), save(items, headers), save(items, headers)]);
    assert.deepEqual(answers.map(({ headers: answered }) => answered.get('idempotency-replayed') ?? 'first').sort(), [
      'first',
      'true',
      'true',
    ]);
    assert.equal(new Set(answers.map(({ body }) => body[0]?.product?.id)).size, 1);
    assert.deepEqual(outcomes(answers[2]?.body ?? []), [
      [201, 'ONCE'],
      [400, 'validation_failed'],
    ]);
    assert.equal((await save(items.slice(0, 1), headers)).status, 422);
  });

  it('has 1 to 100 items of a valid form, and is for staff', async () => {
    const many = Array.from({ length: 100 }, (_, number) => ({ sku: `MANY-${number}`, name: 'One of many', price: 1 }));
    const { body } = await save(many);
    assert.deepEqual([body.length, body.every(({ status }) => status === 201)], [100, true]);
    for (const items of [[], [...many, { name: 'x', price: 1 }], [{ name: 'x', price: '1' }], [{ name: 'x', price: 1, colour: 'red' }]])
      assert.equal((await save(items)).status, 400);
    const authorization = `Bearer ${await shop.tokenFor()}`;
    assert.equal((await save([{ name: 'x', price: 1 }], { authorization })).status, 403);
  });

  it('that meets another for the same SKUs loses item by item, not as a whole', async () => {
    for (let round = 0; round < 5; round += 1) {
      const skus = Array.from({ length: 20 }, (_, number) => `RACE-${round}-${number}`);
      const items = skus.map((sku) => ({ sku, name: 'Wanted by two', price: 1 }));
      const [left, right] = await Promise.all([save(items), save(items.toReversed())]);
      assert.deepEqual([left.status, right.status], [200, 200]);
      const created = [...left.body, ...right.body].filter(({ status }) => status === 201);
      assert.deepEqual(created.map(({ product }) => product?.sku).sort(), skus.sort());
      assert.equal([...left.body, ...right.body].filter(({ problem }) => problem?.code === 'sku_taken').length, 20);
    }
  });
});
