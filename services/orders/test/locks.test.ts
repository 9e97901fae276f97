/** In which order rows are locked: a transaction that waits for the first one holds none of the others, so that none waits in a circle. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { manualClock } from '@souk/kernel';
import { anEnvelope, until } from '@souk/messaging/testing';
import type { Database } from '@souk/postgres';
import { eraseUserConsumer } from '../src/consumers/erase-user.ts';
import { trackCatalogueConsumer } from '../src/consumers/track-catalogue.ts';
import type { OrdersContext } from '../src/context.ts';
import { expireOrders } from '../src/jobs/expire-orders.ts';
import { keepNewer } from '../src/store/catalogue.ts';
import { loadCheckouts } from '../src/store/checkouts.ts';
import { anId, aProduct, openQuietly, place, read } from './_support.ts';

const clock = manualClock(Date.UTC(2026, 10, 22));

describe('rows of orders', () => {
  let fixture: Awaited<ReturnType<typeof openQuietly>>;
  let ctx: OrdersContext;
  let other: Database;
  before(async () => {
    fixture = await openQuietly({ saga_stock_deadline_ms: 1_000 }, { clock });
    ({ ctx } = fixture);
    other = fixture.another();
  });
  after(async () => {
    await other.close();
    await fixture.close();
  });

  /** Holds the first row elsewhere, and asserts that the work waits for it without having locked the second. */
  async function waitsForTheFirst(table: 'orders' | 'catalogue', key: string, ids: readonly string[], work: () => Promise<unknown>) {
    const [first, second] = [...ids].sort();
    let working: Promise<unknown> = Promise.resolve();
    await other.transaction(async (tx) => {
      await tx.query(`select from ${table} where ${key} = $1 for update`, [first]);
      working = work();
      await until(async () => {
        const waiting = await ctx.db.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
        return waiting.length > 0 ? undefined : 'it does not wait';
      });
      await tx.query(`select from ${table} where ${key} = $1 for update nowait`, [second]);
    });
    await working;
  }

  test('checkouts are locked while they are decided, in order of id', async () => {
    const ids = [(await place(ctx)).id, (await place(ctx)).id];
    for (const asked of [ids, [...ids].reverse()])
      await waitsForTheFirst('orders', 'id', asked, () => ctx.db.transaction((tx) => loadCheckouts(tx, asked)));
  });

  test('products are written in order of id, however they are given', async () => {
    const products = [await aProduct(ctx), await aProduct(ctx)].map((product) => ({ ...product, product_version: 2 }));
    const ids = products.map(({ product_id }) => product_id);
    await waitsForTheFirst('catalogue', 'product_id', ids, () => keepNewer(ctx.db, products));
    const newer = [...products].reverse().map((product) => ({ ...product, product_version: 3 }));
    await waitsForTheFirst('catalogue', 'product_id', ids, () => keepNewer(ctx.db, newer));
  });

  test('of the events of a product in one batch the newest counts, and an archiving keeps what it cost', async () => {
    const product_id = anId();
    const event = (product_version: number, price: number) =>
      anEnvelope('product.updated', { product_id, product_version, sku: 'TEA-1', name: 'Tea', price, currency: 'EUR', status: 'active' });
    const hand = (...events: readonly unknown[]) =>
      ctx.db.transaction(async (tx) => trackCatalogueConsumer.handle(ctx, tx, events as never));
    const known = async () =>
      (await ctx.db.query('select product_version, price, status from catalogue where product_id = $1', [product_id]))[0];
    await hand(event(2, 12), event(3, 13), event(1, 11));
    assert.deepEqual(await known(), { product_version: 3, price: 1_300, status: 'active' });
    await hand(anEnvelope('product.archived', { product_id, product_version: 4 }));
    assert.deepEqual(await known(), { product_version: 4, price: 1_300, status: 'archived' });
  });

  test('a queue that is drained beyond now, by a clock that is ahead, ends no order before its time', async () => {
    const order = await place(ctx);
    const consumption = { processedUntil: () => clock.now() + 3_600_000 } as NonNullable<
      ReturnType<OrdersContext['messaging']['consumption']>
    >;
    const drained: OrdersContext = { ...ctx, messaging: { ...ctx.messaging, consumption: () => consumption } };
    const expire = async () => {
      await expireOrders(ctx.config).run(drained, new AbortController().signal);
      return (await read(ctx, order)).status;
    };
    assert.equal(await expire(), 'pending');
    clock.advance(1_001);
    assert.equal(await expire(), 'cancelled');
  });

  test('a person is erased once, however often it is said', async () => {
    const user_id = anId();
    const order = await place(ctx, user_id);
    for (let times = 0; times < 2; times += 1)
      await ctx.db.transaction(async (tx) =>
        eraseUserConsumer.handle(ctx, tx, [anEnvelope('user.deleted', { user_id, user_version: 2 })] as never),
      );
    assert.deepEqual([(await read(ctx, order)).status, (await read(ctx, order)).version], ['cancelled', 3]);
    assert.equal((await ctx.db.query('select from erased_users where user_id = $1', [user_id])).length, 1);
  });
});
