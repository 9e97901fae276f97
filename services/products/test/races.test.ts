/** What replicas do to the same products at the same moment. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { silentLog } from '@souk/kernel';
import { type Database, openDatabase } from '@souk/postgres';
import { lockProduct, lockProductsOf } from '../src/store/products.ts';
import { openShop, type Shop } from './_support.ts';

const rowLocked = '55P03';
const skusOfOne = 150;
const rounds = 12;

describe('products changed by several replicas', () => {
  let shop: Shop;
  let other: Database;
  before(async () => {
    shop = await openShop();
    other = openDatabase({ url: shop.database.url, application_name: 'test replica', pool_max: 4, log: silentLog });
  });
  after(async () => {
    await other.close();
    await shop.stop();
  });

  test('a product is locked by the replica that revises it', async () => {
    const { id, sku } = await shop.add();
    const { db } = shop.service.context;
    const isLocked = () => assert.rejects(other.query('select from products where id = $1 for update nowait', [id]), { code: rowLocked });
    await db.transaction(async (tx) => {
      await lockProduct(tx, id);
      await isLocked();
    });
    await db.transaction(async (tx) => {
      await lockProductsOf(tx, [sku], []);
      await isLocked();
    });
  });

  test('of many changes at once none is lost', async () => {
    const { id } = await shop.add();
    const names = Array.from({ length: 12 }, (_, number) => `Shirt ${number}`);
    await Promise.all(names.map((name) => shop.call('PATCH', `/api/products/${id}`, { name })));
    assert.equal((await shop.call<{ version: number }>('GET', `/api/products/${id}`)).body.version, 1 + names.length);
  });

  test('imports that lock the same products, named in other orders, never wait for each other in a circle', async () => {
    const { db } = shop.service.context;
    const skus = Array.from({ length: skusOfOne }, (_, number) => `RACE-${number}`);
    await db.query(
      `insert into products (id, sku, name, description, price, currency, attributes, options, status, version, sort_name, document, created_at, updated_at)
       select gen_random_uuid(), sku, sku, '', 100, 'EUR', '{}', '{}', 'active', 1, sku, to_tsvector('english', sku), now(), now() from unnest($1::text[]) sku`,
      [skus],
    );
    const backwards = [...skus].reverse();
    for (let round = 0; round < rounds; round += 1)
      await Promise.all(
        [skus, backwards, skus, backwards].map((named) =>
          other.transaction((tx) => lockProductsOf(tx, named, []).then((rows) => assert.equal(rows.length, skusOfOne))),
        ),
      );
  });
});
