/** Several instances at once on one database: never more sold than there is, and nobody waits for ever. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ConsumerDefinition } from '@souk/messaging';
import { until } from '@souk/messaging/testing';
import { openStockConsumer } from '../src/consumers/open-stock.ts';
import { releaseStockConsumer } from '../src/consumers/release-stock.ts';
import { reserveStockConsumer } from '../src/consumers/reserve-stock.ts';
import { shipStockConsumer } from '../src/consumers/ship-stock.ts';
import type { InventoryContext } from '../src/context.ts';
import { adjustStock } from '../src/use-cases/adjust-stock.ts';
import { openStock } from '../src/use-cases/open-stock.ts';
import {
  anOrderCancelled,
  anOrderCreated,
  anOrderShipped,
  aProductCreated,
  aProductUpdated,
  balanceOf,
  type Fixture,
  handle,
  type OrderCreated,
  openFixture,
  unbalanced,
  uuid,
} from './_support.ts';

let fixture: Fixture;
before(async () => {
  fixture = await openFixture();
});
after(() => fixture.close());

async function someProducts(count: number, quantity: number): Promise<string[]> {
  const events = Array.from({ length: count }, () => aProductCreated({ initial_quantity: quantity }));
  await handle(fixture.context, openStockConsumer, events);
  return events.map((event) => event.product_id);
}

function inBatches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

async function outcomes(orders: readonly OrderCreated[]): Promise<Record<string, number>> {
  const rows = await fixture.db.query<{ status: string; count: number }>(
    'select status, count(*)::int count from reservations where order_id = any($1::uuid[]) group by 1',
    [orders.map((order) => order.order_id)],
  );
  return Object.fromEntries(rows.map((row) => [row.status, row.count]));
}

const answers = (orders: readonly OrderCreated[]) =>
  fixture.db.query<{ event_type: string; count: number }>(
    `select event_type, count(*)::int count from outbox
     where event_type in ('inventory.reserved', 'inventory.rejected') and body::jsonb ->> 'order_id' = any($1::text[]) group by 1 order by 1`,
    [orders.map((order) => order.order_id)],
  );

test('300 orders for 50 pieces, handled twice by two instances at once, sell exactly 50', async () => {
  const [product_id = ''] = await someProducts(1, 50);
  const orders = Array.from({ length: 300 }, () => anOrderCreated({ items: [{ product_id, quantity: 1 }] }));
  const replicas = [fixture.context, fixture.replica()];
  const shuffled = [orders, [...orders].reverse()];
  await Promise.all(
    replicas.map((replica, index) =>
      Promise.all(inBatches(shuffled[index] ?? [], 20).map((batch) => handle(replica, reserveStockConsumer, batch))),
    ),
  );
  assert.deepEqual(await outcomes(orders), { held: 50, rejected: 250 });
  assert.deepEqual(await balanceOf(fixture, product_id), { on_hand: 50, reserved: 50 });
  assert.deepEqual(await answers(orders), [
    { event_type: 'inventory.rejected', count: 250 },
    { event_type: 'inventory.reserved', count: 50 },
  ]);
});

test('one order handled by many instances at the same moment is answered once', async () => {
  const replicas = [fixture.context, fixture.replica(), fixture.replica()];
  const products = await someProducts(3, 100);
  const orders = Array.from({ length: 40 }, (_, index) =>
    anOrderCreated({ items: [{ product_id: products[index % 3] ?? '', quantity: 1 }] }),
  );
  for (const order of orders) await Promise.all(replicas.map((replica) => handle(replica, reserveStockConsumer, [order])));
  assert.deepEqual(await outcomes(orders), { held: 40 });
  assert.deepEqual(await answers(orders), [{ event_type: 'inventory.reserved', count: 40 }]);
});

test('creation and cancellation at the same moment hold nothing in the end, whoever is first', async () => {
  const replicas = [fixture.context, fixture.replica()] as const;
  const products = await someProducts(4, 10);
  for (let round = 0; round < 15; round += 1) {
    const orders = products.map((product_id) => anOrderCreated({ items: [{ product_id, quantity: 1 }] }));
    const cancellations = orders.map((order) => anOrderCancelled({ order_id: order.order_id })).reverse();
    await Promise.all([handle(replicas[0], reserveStockConsumer, orders), handle(replicas[1], releaseStockConsumer, cancellations)]);
    const { held = 0 } = await outcomes(orders);
    assert.equal(held, 0);
  }
  for (const product_id of products) assert.deepEqual(await balanceOf(fixture, product_id), { on_hand: 10, reserved: 0 });
});

test('batches that name the same orders and products in opposite order never end in a deadlock', async () => {
  const replicas = [fixture.context, fixture.replica(), fixture.replica(), fixture.replica()] as const;
  const products = await someProducts(40, 100_000);
  const lines = products.map((product_id) => ({ product_id, quantity: 1 }));
  const shuffled = () =>
    lines
      .map((line) => ({ line, at: Math.random() }))
      .sort((left, right) => left.at - right.at)
      .map(({ line }) => line);
  const tries = { asked: 0, made: 0 };
  const counted = async <Event>(
    context: InventoryContext,
    consumer: ConsumerDefinition<InventoryContext, Event>,
    events: readonly Event[],
  ) => {
    tries.asked += 1;
    await context.db.transaction(async (tx) => {
      tries.made += 1;
      await consumer.handle(context, tx, events);
    });
  };
  for (let round = 0; round < 8; round += 1) {
    const duplicates = Array.from({ length: 60 }, () => anOrderCreated({ items: shuffled() }));
    const others = [1, 2].map(() => Array.from({ length: 20 }, () => anOrderCreated({ items: shuffled() })));
    await Promise.all([
      counted(replicas[0], reserveStockConsumer, duplicates),
      counted(replicas[1], reserveStockConsumer, [...duplicates].reverse()),
      ...others.map((orders, index) => counted(replicas[index + 2] ?? fixture.context, reserveStockConsumer, orders)),
    ]);
    const ids = duplicates.map((order) => order.order_id);
    await Promise.all([
      counted(
        replicas[0],
        shipStockConsumer,
        ids.slice(0, 40).map((order_id) => anOrderShipped({ order_id })),
      ),
      counted(
        replicas[1],
        releaseStockConsumer,
        ids
          .slice(20)
          .reverse()
          .map((order_id) => anOrderCancelled({ order_id })),
      ),
      ...others.map((orders, index) =>
        counted(
          replicas[index + 2] ?? fixture.context,
          releaseStockConsumer,
          orders.map(({ order_id }) => anOrderCancelled({ order_id })),
        ),
      ),
    ]);
    const { shipped = 0, released = 0 } = await outcomes(duplicates);
    assert.equal(shipped + released, 60);
  }
  assert.equal(tries.made, tries.asked);
});

test('of many adjustments that expect the same quantity one is made', async () => {
  const [product_id = ''] = await someProducts(1, 10);
  const attempts = Array.from({ length: 20 }, () =>
    fixture.db.transaction((tx) =>
      adjustStock(fixture.context, tx, product_id, { quantity_change: 5, reason: 'counted', expected_on_hand: 10, actor: 'staff:x' }),
    ),
  );
  const settled = await Promise.allSettled(attempts);
  assert.equal(settled.filter((one) => one.status === 'fulfilled').length, 1);
  for (const one of settled) if (one.status === 'rejected') assert.equal(one.reason.code, 'stock_mismatch');
  assert.deepEqual(await balanceOf(fixture, product_id), { on_hand: 15, reserved: 0 });
});

test('an opening that two replicas receive at the same moment counts once', async () => {
  const product_id = uuid();
  await handle(fixture.context, openStockConsumer, [aProductUpdated({ product_id })]);
  const replica = fixture.replica();
  const opening = aProductCreated({ product_id, initial_quantity: 7 });
  let second: Promise<unknown> = Promise.resolve();
  await fixture.db.transaction(async (tx) => {
    await openStock(fixture.context, tx, [opening]);
    second = handle(replica, openStockConsumer, [opening]);
    await until(async () =>
      (await fixture.db.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length > 0
        ? undefined
        : 'it does not wait',
    );
  });
  await second;
  assert.deepEqual(await balanceOf(fixture, product_id), { on_hand: 7, reserved: 0 });
});

test('after all of this the books balance', async () => {
  assert.deepEqual(await unbalanced(fixture), []);
});
