import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '@souk/messaging/testing';
import { openStockConsumer } from '../src/consumers/open-stock.ts';
import { releaseStockConsumer } from '../src/consumers/release-stock.ts';
import { reserveStockConsumer } from '../src/consumers/reserve-stock.ts';
import { shipStockConsumer } from '../src/consumers/ship-stock.ts';
import { announceStock, recallUnannounced } from '../src/use-cases/announce-stock.ts';
import {
  anOrderCancelled,
  anOrderCreated,
  anOrderShipped,
  aProductCreated,
  eventsOf,
  type Fixture,
  handle,
  openFixture,
  uuid,
} from './_support.ts';

const interval_ms = 150;
let fixture: Fixture;
before(async () => {
  fixture = await openFixture({ announce_interval_ms: interval_ms });
});
after(() => fixture.close());

async function aProduct(quantity: number): Promise<string> {
  const product_id = uuid();
  await handle(fixture.context, openStockConsumer, [aProductCreated({ product_id, initial_quantity: quantity })]);
  return product_id;
}

async function announced(product_id: string) {
  const events = (await eventsOf(fixture, 'inventory.updated')).filter((event) => event['product_id'] === product_id);
  return events.map(({ quantity_change, current_quantity, reason, stock_version }) => ({
    quantity_change,
    current_quantity,
    reason,
    stock_version,
  }));
}

/** Rounds until nothing waits any more, as the job makes them. */
async function announceAll(context = fixture.context): Promise<void> {
  await until(async () => {
    await announceStock(context);
    return context.pending.size() === 0 ? undefined : `${context.pending.size()} products wait`;
  });
}

test('one movement is announced with its kind, many as their sum', async () => {
  const lamp = await aProduct(10);
  await announceAll();
  const orders = [1, 2, 3].map((quantity) => anOrderCreated({ items: [{ product_id: lamp, quantity }] }));
  for (const order of orders) await handle(fixture.context, reserveStockConsumer, [order]);
  await announceAll();
  assert.deepEqual(await announced(lamp), [
    { quantity_change: 10, current_quantity: 10, reason: 'received', stock_version: 2 },
    { quantity_change: -6, current_quantity: 4, reason: 'several', stock_version: 5 },
  ]);
});

test('a product is announced at most once in the interval, whichever instance does it', async () => {
  const [lamp, other] = [await aProduct(10), fixture.replica()];
  await announceAll();
  const order = anOrderCreated({ items: [{ product_id: lamp, quantity: 1 }] });
  await handle(other, reserveStockConsumer, [order]);
  await announceAll(other);
  const rows = await fixture.db.query<{ made_at: number }>(
    `select extract(epoch from created_at)::float8 * 1000 made_at from outbox where event_type = 'inventory.updated' and body::jsonb ->> 'product_id' = $1 order by 1`,
    [lamp],
  );
  assert.equal(rows.length, 2);
  assert.ok((rows[1]?.made_at ?? 0) - (rows[0]?.made_at ?? 0) >= interval_ms - 5);
});

test('a product that is sold out before it was ever announced is announced as sold out', async () => {
  const lamp = await aProduct(1);
  await handle(fixture.context, reserveStockConsumer, [anOrderCreated({ items: [{ product_id: lamp, quantity: 1 }] })]);
  await announceAll();
  assert.deepEqual(await announced(lamp), [{ quantity_change: 0, current_quantity: 0, reason: 'several', stock_version: 3 }]);
});

test('what leaves as much available as before is nobody else’s news', async () => {
  const lamp = await aProduct(10);
  const [kept, given] = [1, 2].map((quantity) => anOrderCreated({ items: [{ product_id: lamp, quantity }] }));
  assert.ok(kept && given);
  await handle(fixture.context, reserveStockConsumer, [kept]);
  await announceAll();
  const before = await announced(lamp);
  await handle(fixture.context, reserveStockConsumer, [given]);
  await handle(fixture.context, releaseStockConsumer, [anOrderCancelled({ order_id: given.order_id })]);
  await handle(fixture.context, shipStockConsumer, [anOrderShipped({ order_id: kept.order_id })]);
  await announceAll();
  assert.deepEqual(await announced(lamp), before);
});

test('a row that somebody is busy with is announced later, and nobody waits for it', async () => {
  const lamp = await aProduct(10);
  await fixture.db.transaction(async (tx) => {
    await tx.query('select 1 from stock where product_id = $1 for update', [lamp]);
    await announceStock(fixture.context);
    assert.deepEqual(await announced(lamp), []);
    assert.equal(fixture.context.pending.size() > 0, true);
  });
  await announceAll();
  assert.equal((await announced(lamp)).length, 1);
});

test('what a process that died had not announced is found by another', async () => {
  const lamp = await aProduct(10);
  fixture.context.pending.take(1_000);
  const other = fixture.replica();
  await recallUnannounced(other);
  await announceAll(other);
  assert.equal((await announced(lamp)).length, 1);
  await recallUnannounced(other);
  assert.equal(other.pending.size(), 0);
});

test('an announcement that fails is made later', async () => {
  const lamp = await aProduct(10);
  const broken = { ...fixture.context, outbox: { ...fixture.context.outbox, append: () => Promise.reject(new Error('the disk is full')) } };
  await assert.rejects(announceStock(broken), /the disk is full/);
  await announceAll();
  assert.equal((await announced(lamp)).length, 1);
});
