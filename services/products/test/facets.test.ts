/** Facets of the catalogue, against what its lists have. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Facets, Product } from '@souk/contracts';
import { openShop, type Problem, type Shop } from './_support.ts';

describe('facets', () => {
  let shop: Shop;
  before(async () => {
    shop = await openShop();
    for (const [index, size] of ['small', 'large', 'large'].entries())
      await shop.add({ name: `Copper mug ${size}`, category: 'Mugs', price: 10 + index, options: { size }, stock_quantity: index });
    await shop.add({ name: 'Oak lamp', category: 'Lamps', price: 129.95, stock_quantity: 1 });
    await shop.add({ name: 'Paper lamp', category: 'Lamps', price: 5_000, currency: 'JPY' });
    await shop.add({ name: 'A thing of no category', price: 49 });
    const gone = await shop.add({ name: 'Copper mug of before', category: 'Mugs', price: 1 });
    await shop.call('DELETE', `/api/products/${gone.id}`);
  });
  after(() => shop.stop());

  const facets = async (query = ''): Promise<Facets> => (await shop.call<Facets>('GET', `/api/products/facets?${query}`)).body;
  const listed = async (query: string): Promise<Product[]> => (await shop.call<Product[]>('GET', `/api/products?limit=100&${query}`)).body;

  it('count what a list with the same filters has', async () => {
    for (const query of [
      '',
      'q=mug',
      'q=copper+mgu',
      'category=Mugs',
      'in_stock=true',
      'q=lamp&max_price=200',
      'min_price=11&max_price=12',
      'q=nothingatall',
    ]) {
      const [found, products] = [await facets(query), await listed(query)];
      assert.equal(found.product_count, products.length, query);
      const counts = Map.groupBy(products, ({ category }) => category);
      for (const { name, product_count } of found.categories) assert.equal(product_count, counts.get(name)?.length, `${query} ${name}`);
      assert.equal(found.categories.length, [...counts.keys()].filter((name) => name !== null).length, query);
      for (const { min_price, max_price, product_count } of found.prices)
        assert.equal(
          products.filter(({ price, currency }) => currency === 'EUR' && price >= min_price && price <= max_price).length,
          product_count,
          `${query} ${min_price}`,
        );
    }
    assert.deepEqual((await facets('category=Mugs')).options, [
      {
        name: 'size',
        values: [
          { value: 'large', product_count: 2 },
          { value: 'small', product_count: 1 },
        ],
      },
    ]);
  });

  it('say when they are of a part only', async () => {
    assert.equal((await facets()).approximate, false);
    assert.equal((await facets('q=mug')).approximate, false);
    assert.equal((await facets('q=mug&in_stock=true')).approximate, true);
    await shop.service.context.db.query(
      `with made as (
         insert into products select (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'sku', 'COPY-' || n))).*
         from products p, generate_series(1, 3001) n where p.name = 'Oak lamp' returning id
       ) insert into product_stock (product_id, stock_quantity, stock_version) select id, 1, 0 from made`,
    );
    await shop.add({ name: 'One more', price: 1 });
    const { product_count, approximate } = await facets();
    assert.deepEqual([product_count, approximate], [3_000, true]);
    const searched = await facets('q=lamp');
    assert.deepEqual([searched.approximate, searched.product_count >= 500], [true, true]);
  });

  it('refuse what a list refuses, and are for everyone', async () => {
    for (const query of ['limit=5', 'min_price=1.999', 'q=', 'sort=name'])
      assert.equal((await shop.call<Problem>('GET', `/api/products/facets?${query}`)).status, 400, query);
    assert.equal((await fetch(`${shop.url}/api/products/facets`)).status, 200);
  });
});
