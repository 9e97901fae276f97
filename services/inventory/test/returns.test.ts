/** What comes back goes into stock once. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openStockConsumer } from '../src/consumers/open-stock.ts';
import { reserveStockConsumer } from '../src/consumers/reserve-stock.ts';
import { restockReturnConsumer } from '../src/consumers/restock-return.ts';
import { shipStockConsumer } from '../src/consumers/ship-stock.ts';
import {
  anOrderCreated,
  anOrderShipped,
  aProductCreated,
  aReturn,
  balanceOf,
  type Fixture,
  handle,
  openFixture,
  unbalanced,
  uuid,
} from './_support.ts';

let fixture: Fixture;
before(async () => {
  fixture = await openFixture();
});
after(() => fixture.close());

test('returned pieces go back into stock, once; those of an unknown product are waited for', async () => {
  const { context, db } = fixture;
  const lamp = uuid();
  await handle(context, openStockConsumer, [aProductCreated({ product_id: lamp, initial_quantity: 5 })]);
  const order = anOrderCreated({ items: [{ product_id: lamp, quantity: 3 }] });
  const { order_id } = order;
  await handle(context, reserveStockConsumer, [order]);
  await handle(context, shipStockConsumer, [anOrderShipped({ order_id })]);
  const returned = aReturn({ order_id, items: [{ product_id: lamp, quantity: 2 }] });
  const unknown = aReturn({ order_id, items: [{ product_id: uuid(), quantity: 1 }] });
  const failures = await handle(context, restockReturnConsumer, [returned, unknown, returned]);
  assert.deepEqual(
    failures.map(({ event_id }) => event_id),
    [unknown.event_id],
  );
  await handle(context, restockReturnConsumer, [returned]);
  assert.deepEqual(await balanceOf(fixture, lamp), { on_hand: 4, reserved: 0 });
  const movements = await db.query(`select on_hand_change, reserved_change, order_id, source_id from movements where kind = 'returned'`);
  assert.deepEqual(movements, [{ on_hand_change: 2, reserved_change: 0, order_id, source_id: returned.return_id }]);
  assert.deepEqual(await unbalanced(fixture), []);
});
