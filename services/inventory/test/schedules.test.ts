/** Random schedules of everything that can happen, with repeats and in any order: the books balance after each. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AppError, derivedUuidBeside } from '@souk/kernel';
import fc from 'fast-check';
import { openStockConsumer } from '../src/consumers/open-stock.ts';
import { releaseStockConsumer } from '../src/consumers/release-stock.ts';
import { reserveStockConsumer } from '../src/consumers/reserve-stock.ts';
import { shipStockConsumer } from '../src/consumers/ship-stock.ts';
import { adjustStock } from '../src/use-cases/adjust-stock.ts';
import { announceStock } from '../src/use-cases/announce-stock.ts';
import {
  anOrderCancelled,
  anOrderCreated,
  anOrderShipped,
  aParcelSent,
  aProductCreated,
  aProductUpdated,
  eventsOf,
  type Fixture,
  handle,
  openFixture,
  unbalanced,
  uuid,
} from './_support.ts';

let fixture: Fixture;
before(async () => {
  fixture = await openFixture({ product_wait_ms: 0, announce_interval_ms: 10 });
});
after(() => fixture.close());

const productCount = 4;
const orderCount = 8;
const index = (most: number) => fc.nat({ max: most - 1 });
const orders = fc.uniqueArray(index(orderCount), { minLength: 1, maxLength: 4 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('reserve' as const), orders }),
  fc.record({ kind: fc.constant('release' as const), orders }),
  fc.record({ kind: fc.constant('ship' as const), orders }),
  fc.record({ kind: fc.constant('parcel' as const), order: index(orderCount), line: index(3) }),
  fc.record({
    kind: fc.constant('open' as const),
    product: index(productCount),
    quantity: fc.option(fc.nat({ max: 12 }), { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('adjust' as const), product: index(productCount), change: fc.integer({ min: -6, max: 6 }) }),
  fc.record({ kind: fc.constant('announce' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
const baskets = fc.array(
  fc.array(fc.record({ product: index(productCount), quantity: fc.integer({ min: 1, max: 5 }) }), { minLength: 1, maxLength: 3 }),
  {
    minLength: orderCount,
    maxLength: orderCount,
  },
);

test('whatever the schedule, the balances are the sums of the ledger and of what is held', async () => {
  await fc.assert(
    fc.asyncProperty(baskets, fc.array(step, { minLength: 5, maxLength: 30 }), async (wanted, steps) => {
      const products = Array.from({ length: productCount }, uuid);
      const order_ids = Array.from({ length: orderCount }, uuid);
      const items = wanted.map((lines) => lines.map(({ product, quantity }) => ({ product_id: products[product] ?? '', quantity })));
      // Two steps at a time, as two instances would.
      for (let at = 0; at < steps.length; at += 2) {
        await Promise.all(steps.slice(at, at + 2).map((one) => perform(one, products, order_ids, items)));
      }
      assert.deepEqual(await unbalanced(fixture), []);
      await everythingAnnounced(products);
    }),
    { numRuns: 40 },
  );
});

async function perform(
  one: Step,
  products: string[],
  order_ids: string[],
  items: { product_id: string; quantity: number }[][],
): Promise<void> {
  const { context } = fixture;
  const idsOf = (chosen: number[]) => chosen.map((order) => order_ids[order] ?? '');
  switch (one.kind) {
    case 'reserve':
      await handle(
        context,
        reserveStockConsumer,
        one.orders.map((order) => anOrderCreated({ order_id: order_ids[order] ?? '', items: items[order] ?? [] })),
      );
      return;
    case 'release':
      await handle(
        context,
        releaseStockConsumer,
        idsOf(one.orders).map((order_id) => anOrderCancelled({ order_id })),
      );
      return;
    case 'ship':
      await handle(
        context,
        shipStockConsumer,
        idsOf(one.orders).map((order_id) => anOrderShipped({ order_id })),
      );
      return;
    case 'parcel': {
      // A line of the order is a parcel, with an id of its own: it may come twice, and beside others.
      const order_id = order_ids[one.order] ?? '';
      const line = items[one.order]?.[one.line];
      if (line === undefined) return;
      const parcel = { parcel_id: derivedUuidBeside(order_id, `parcel ${one.line}`), items: [line] };
      await handle(context, shipStockConsumer, [aParcelSent({ order_id, parcel }), anOrderShipped({ order_id, parcel })]);
      return;
    }
    case 'open': {
      const product_id = products[one.product] ?? '';
      const event =
        one.quantity === undefined ? aProductUpdated({ product_id }) : aProductCreated({ product_id, initial_quantity: one.quantity });
      await handle(context, openStockConsumer, [event]);
      return;
    }
    case 'adjust':
      try {
        await context.db.transaction((tx) =>
          adjustStock(context, tx, products[one.product] ?? '', { quantity_change: one.change, reason: 'counted', actor: 'staff:x' }),
        );
      } catch (error) {
        const refused = error instanceof AppError && ['not_found', 'stock_reserved', 'validation_failed'].includes(error.code);
        if (!refused) throw error;
      }
      return;
    case 'announce':
      await announceStock(context);
  }
}

/** The sum of all announced changes is what is available, and so is the last announced quantity. */
async function everythingAnnounced(products: readonly string[]): Promise<void> {
  while (fixture.context.pending.size() > 0) await announceStock(fixture.context);
  const announced = await eventsOf(fixture, 'inventory.updated');
  for (const product_id of products) {
    const mine = announced
      .filter((event) => event['product_id'] === product_id)
      .sort((left, right) => Number(left['stock_version']) - Number(right['stock_version']));
    const [row] = await fixture.db.query<{ available: number }>('select on_hand - reserved available from stock where product_id = $1', [
      product_id,
    ]);
    const available = row?.available ?? 0;
    assert.equal(
      mine.reduce((sum, event) => sum + Number(event['quantity_change']), 0),
      available,
    );
    assert.equal(mine.at(-1)?.['current_quantity'] ?? 0, available);
  }
}
