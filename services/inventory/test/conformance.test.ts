import type { AnyEvent } from '@souk/contracts';
import type { ConsumerDefinition } from '@souk/messaging';
import { anEnvelope, type ConsumerFixture, consumerConformance } from '@souk/messaging/testing';
import { eraseUserConsumer } from '../src/consumers/erase-user.ts';
import { openStockConsumer } from '../src/consumers/open-stock.ts';
import { releaseStockConsumer } from '../src/consumers/release-stock.ts';
import { reserveStockConsumer } from '../src/consumers/reserve-stock.ts';
import { restockReturnConsumer } from '../src/consumers/restock-return.ts';
import { shipStockConsumer } from '../src/consumers/ship-stock.ts';
import { stateStockConsumer } from '../src/consumers/state-stock.ts';
import type { InventoryContext } from '../src/context.ts';
import {
  anOrderCancelled,
  anOrderCreated,
  anOrderShipped,
  aProductCreated,
  aProductUpdated,
  aReturn,
  handle,
  openFixture,
  uuid,
} from './_support.ts';

type Prepare = (context: InventoryContext) => Promise<unknown[]>;

/** Two products; one order for a piece of each, one for a piece of the first, one for more than there is. */
async function threeOrders(context: InventoryContext) {
  const products = [uuid(), uuid()] as const;
  await handle(
    context,
    openStockConsumer,
    products.map((product_id) => aProductCreated({ product_id, initial_quantity: 5 })),
  );
  const [first, second] = products.map((product_id) => ({ product_id, quantity: 1 }));
  if (!first || !second) throw new Error('there are two products');
  return [
    anOrderCreated({ items: [first, second] }),
    anOrderCreated({ items: [first] }),
    anOrderCreated({ items: [{ ...second, quantity: 9 }] }),
  ];
}

async function heldOrders(context: InventoryContext): Promise<string[]> {
  const orders = await threeOrders(context);
  await handle(context, reserveStockConsumer, orders);
  return orders.map((order) => order.order_id);
}

async function effects({ db }: ConsumerFixture<InventoryContext>): Promise<unknown> {
  const stock = await db.query('select product_id, on_hand, reserved, opened from stock order by 1');
  const reservations = await db.query('select order_id, status, items from reservations order by 1');
  const movements = await db.query('select product_id, order_id, kind, on_hand_change, reserved_change from movements order by 1, 2, 3');
  const erased = await db.query('select user_id from erased_people order by 1');
  return { stock, reservations, movements, erased };
}

function conforms<Event>(consumer: ConsumerDefinition<InventoryContext, Event>, prepare: Prepare): void {
  consumerConformance<InventoryContext>({
    service: 'inventory',
    consumer: consumer as unknown as ConsumerDefinition<InventoryContext, never>,
    open: () => openFixture(),
    prepare: async ({ context }) => (await prepare(context)) as AnyEvent[],
    effects,
  });
}

conforms(reserveStockConsumer, threeOrders);
conforms(releaseStockConsumer, async (context) =>
  [...(await heldOrders(context)), uuid()].map((order_id) => anOrderCancelled({ order_id })),
);
conforms(shipStockConsumer, async (context) => (await heldOrders(context)).slice(0, 2).map((order_id) => anOrderShipped({ order_id })));
conforms(openStockConsumer, async () => {
  const product_id = uuid();
  return [aProductCreated({ product_id, initial_quantity: 3 }), aProductUpdated({ product_id }), aProductCreated()];
});
conforms(eraseUserConsumer, async () => [anEnvelope('user.deleted', { user_id: uuid(), user_version: 3 })]);
conforms(restockReturnConsumer, async (context) => {
  const orders = await threeOrders(context);
  await handle(context, reserveStockConsumer, orders);
  await handle(
    context,
    shipStockConsumer,
    orders.slice(0, 2).map(({ order_id }) => anOrderShipped({ order_id })),
  );
  return orders
    .slice(0, 2)
    .map(({ order_id, items }) => aReturn({ order_id, items: items.map(({ product_id }) => ({ product_id, quantity: 1 })) }));
});
conforms(stateStockConsumer, async (context) => {
  const product_id = uuid();
  await handle(context, openStockConsumer, [aProductCreated({ product_id, initial_quantity: 5 })]);
  // Two that add, so that their order means nothing, and one that is always refused.
  const stated = (quantity: number, more = {}) =>
    anEnvelope('product.stock_stated', { import_id: uuid(), product_id, mode: 'add', quantity, ...more });
  return [stated(3), stated(4), stated(9, { mode: 'set', stock_version: 900 })];
});
