import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { manualClock } from '@souk/kernel';
import { openStockConsumer } from '../src/consumers/open-stock.ts';
import { releaseStockConsumer } from '../src/consumers/release-stock.ts';
import { reserveStockConsumer } from '../src/consumers/reserve-stock.ts';
import { recallUnannounced } from '../src/use-cases/announce-stock.ts';
import { republishStock } from '../src/use-cases/republish-stock.ts';
import {
  anOrderCancelled,
  anOrderCreated,
  aProductCreated,
  balanceOf,
  eventsOf,
  type Fixture,
  handle,
  type OrderCreated,
  openFixture,
  statusOf,
  uuid,
} from './_support.ts';

const clock = manualClock(Date.now());
let fixture: Fixture;

before(async () => {
  fixture = await openFixture({}, { clock });
});
after(() => fixture.close());

async function aProduct(quantity: number): Promise<string> {
  const product_id = uuid();
  await handle(fixture.context, openStockConsumer, [aProductCreated({ product_id, initial_quantity: quantity })]);
  return product_id;
}

const republished = (order: OrderCreated): OrderCreated => ({
  ...order,
  event_id: uuid(),
  metadata: { ...order.metadata, republished: true },
});
const answers = async (event_type: string, { order_id }: OrderCreated) =>
  (await eventsOf(fixture, event_type)).filter((event) => event['order_id'] === order_id);

test('an order that is published once more is answered with what became of it, and nothing is held twice', async () => {
  const product_id = await aProduct(3);
  const held = anOrderCreated({ items: [{ product_id, quantity: 2 }] });
  const refused = anOrderCreated({ items: [{ product_id, quantity: 2 }] });
  await handle(fixture.context, reserveStockConsumer, [held, refused]);
  await handle(fixture.context, reserveStockConsumer, [held]);
  assert.equal((await answers('inventory.reserved', held)).length, 1, 'a plain repeat says nothing');
  await handle(fixture.context, reserveStockConsumer, [republished(held), republished(refused)]);
  const [first, second] = await answers('inventory.reserved', held);
  assert.deepEqual(second?.['items'], first?.['items']);
  const [, again] = await answers('inventory.rejected', refused);
  assert.deepEqual(again?.['shortages'], [{ product_id, requested: 2, available: 1 }]);
  assert.equal(
    again?.['metadata'] && (again['metadata'] as { republished?: boolean }).republished,
    undefined,
    'the answer is an ordinary event',
  );
  assert.deepEqual(await balanceOf(fixture, product_id), { on_hand: 3, reserved: 2 });
});

test('an order whose stock is still held by one that was cancelled waits for that cancellation', async () => {
  const product_id = await aProduct(1);
  const cancelled = anOrderCreated({ items: [{ product_id, quantity: 1 }] });
  await handle(fixture.context, reserveStockConsumer, [cancelled]);
  const paid = republished({ ...anOrderCreated({ items: [{ product_id, quantity: 1 }] }), timestamp: new Date(clock.now()).toISOString() });
  const failures = await handle(fixture.context, reserveStockConsumer, [paid]);
  assert.deepEqual(
    failures.map(({ error }) => (error as { code?: string }).code),
    ['stock_unknown'],
  );
  assert.equal(await statusOf(fixture, paid.order_id), undefined);
  await handle(fixture.context, releaseStockConsumer, [anOrderCancelled({ order_id: cancelled.order_id })]);
  assert.deepEqual(await handle(fixture.context, reserveStockConsumer, [paid]), []);
  assert.equal(await statusOf(fixture, paid.order_id), 'held');
});

test('after a restore every stock is announced anew, under a version above all that were published', async () => {
  const product_id = await aProduct(4);
  const [before] = await fixture.db.query<{ stock_version: number }>('select stock_version from stock where product_id = $1', [product_id]);
  await fixture.context.db.transaction((tx) =>
    republishStock(fixture.context, tx, { since: '2026-01-01T00:00:00Z', after: undefined, limit: 10 }),
  );
  const [row] = await fixture.db.query<{ stock_version: number; published_version: number }>(
    'select stock_version, published_version from stock where product_id = $1',
    [product_id],
  );
  assert.ok((row?.stock_version ?? 0) > (before?.stock_version ?? 0) + 10_000);
  assert.equal(row?.published_version, 1);
  await recallUnannounced(fixture.context);
  assert.ok(fixture.context.pending.take(1_000).includes(product_id));
});
