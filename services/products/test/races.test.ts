/** What replicas do to the same products at the same moment. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { silentLog } from '@souk/kernel';
import { until } from '@souk/messaging/testing';
import { type Database, openDatabase } from '@souk/postgres';
import { lockOlderDocuments, lockProduct, lockProductsNamed, lockProductsOf } from '../src/store/products.ts';
import { takeStockLevels } from '../src/store/stock.ts';
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
    for (const [ids, skus] of [
      [[id], []],
      [[], [sku]],
    ] as const)
      await db.transaction(async (tx) => {
        await lockProductsNamed(tx, ids, skus);
        await isLocked();
      });
  });

  test('a product whose search document one replica renews is left out by the others', async () => {
    const { db } = shop.service.context;
    const { id } = await shop.add();
    await db.query('update products set document_rules = 0 where id = $1', [id]);
    await db.transaction(async (tx) => {
      assert.deepEqual(
        (await lockOlderDocuments(tx, 10)).map((product) => product.id),
        [id],
      );
      const found = await other.transaction(async (second) => {
        await second.query(`set local lock_timeout = '500ms'`);
        return lockOlderDocuments(second, 10);
      });
      assert.deepEqual(found, []);
    });
    await db.query('update products set document_rules = (select max(document_rules) from products)');
  });

  test('levels are taken in order of the product: who waits for the first holds no other', async () => {
    const { db } = shop.service.context;
    const [first, second] = [(await shop.add()).id, (await shop.add()).id].sort();
    const levels = [second, first].map((product_id) => ({ product_id: String(product_id), stock_quantity: 3, stock_version: 9 }));
    let taking: ReturnType<typeof takeStockLevels> = Promise.resolve([]);
    await other.transaction(async (tx) => {
      await tx.query('select from product_stock where product_id = $1 for update', [first]);
      taking = db.transaction((locking) => takeStockLevels(locking, levels));
      await until(async () => {
        const waiting = await db.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
        return waiting.length > 0 ? undefined : 'it does not wait';
      });
      await tx.query('select from product_stock where product_id = $1 for update nowait', [second]);
    });
    assert.deepEqual((await taking).map(({ product_id }) => product_id).sort(), [first, second]);
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
