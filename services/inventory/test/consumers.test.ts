import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { manualClock, timestamp } from '@souk/kernel';
import { openStockConsumer } from '../src/consumers/open-stock.ts';
import { releaseStockConsumer } from '../src/consumers/release-stock.ts';
import { reserveStockConsumer } from '../src/consumers/reserve-stock.ts';
import { shipStockConsumer } from '../src/consumers/ship-stock.ts';
import {
  anOrderCancelled,
  anOrderCreated,
  anOrderShipped,
  aParcelSent,
  aProductCreated,
  aProductUpdated,
  balanceOf,
  eventsOf,
  type Fixture,
  handle,
  openFixture,
  statusOf,
  unbalanced,
  uuid,
} from './_support.ts';

const clock = manualClock(Date.UTC(2026, 5, 1));
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

const answersTo = async (event_type: string, order_id: string) =>
  (await eventsOf(fixture, event_type)).filter((event) => event['order_id'] === order_id);
const ledgerOf = (product_id: string) =>
  fixture.db.query<{ kind: string; on_hand_change: number; reserved_change: number }>(
    'select kind, on_hand_change, reserved_change from movements where product_id = $1 order by id',
    [product_id],
  );

describe('reserve-stock', () => {
  test('an order that can be served holds all its lines', async () => {
    const [lamp, desk] = [await aProduct(5), await aProduct(2)];
    const order = anOrderCreated({
      items: [
        { product_id: lamp, quantity: 3 },
        { product_id: desk, quantity: 2 },
      ],
    });
    assert.deepEqual(await handle(fixture.context, reserveStockConsumer, [order]), []);
    assert.deepEqual(await balanceOf(fixture, lamp), { on_hand: 5, reserved: 3 });
    assert.deepEqual(await balanceOf(fixture, desk), { on_hand: 2, reserved: 2 });
    const [answer] = await answersTo('inventory.reserved', order.order_id);
    assert.deepEqual(answer?.['items'], [
      { product_id: lamp, quantity: 3 },
      { product_id: desk, quantity: 2 },
    ]);
    assert.deepEqual((answer?.['metadata'] as { causation_id?: string } | undefined)?.causation_id, order.event_id);
  });

  test('an order that lacks one line holds nothing and names what is short', async () => {
    const [lamp, desk] = [await aProduct(5), await aProduct(1)];
    const order = anOrderCreated({
      items: [
        { product_id: lamp, quantity: 3 },
        { product_id: desk, quantity: 2 },
      ],
    });
    await handle(fixture.context, reserveStockConsumer, [order]);
    assert.deepEqual(await balanceOf(fixture, lamp), { on_hand: 5, reserved: 0 });
    assert.equal(await statusOf(fixture, order.order_id), 'rejected');
    const [answer] = await answersTo('inventory.rejected', order.order_id);
    assert.deepEqual(answer?.['shortages'], [{ product_id: desk, requested: 2, available: 1 }]);
  });

  test('two lines of one product are counted together', async () => {
    const lamp = await aProduct(5);
    const both = [
      { product_id: lamp, quantity: 3 },
      { product_id: lamp, quantity: 3 },
    ];
    const order = anOrderCreated({ items: both });
    await handle(fixture.context, reserveStockConsumer, [order]);
    assert.equal(await statusOf(fixture, order.order_id), 'rejected');
    const smaller = anOrderCreated({ items: both.map((line) => ({ ...line, quantity: 2 })) });
    await handle(fixture.context, reserveStockConsumer, [smaller]);
    assert.deepEqual(await balanceOf(fixture, lamp), { on_hand: 5, reserved: 4 });
  });

  test('within a batch the first order in the queue gets the last piece', async () => {
    const lamp = await aProduct(1);
    const orders = [1, 2, 3].map(() => anOrderCreated({ items: [{ product_id: lamp, quantity: 1 }] })).reverse();
    await handle(fixture.context, reserveStockConsumer, orders);
    assert.deepEqual(await Promise.all(orders.map((order) => statusOf(fixture, order.order_id))), ['held', 'rejected', 'rejected']);
  });

  test('a repeat of a known order does nothing more, whatever has become of it', async () => {
    const lamp = await aProduct(5);
    const order = anOrderCreated({ items: [{ product_id: lamp, quantity: 2 }] });
    const again = anOrderCreated({ order_id: order.order_id, items: [{ product_id: lamp, quantity: 2 }] });
    await handle(fixture.context, reserveStockConsumer, [order, again]);
    await handle(fixture.context, reserveStockConsumer, [again]);
    await handle(fixture.context, releaseStockConsumer, [anOrderCancelled({ order_id: order.order_id })]);
    await handle(fixture.context, reserveStockConsumer, [order]);
    assert.deepEqual(await balanceOf(fixture, lamp), { on_hand: 5, reserved: 0 });
    assert.equal((await answersTo('inventory.reserved', order.order_id)).length, 1);
  });

  test('an unknown product is waited for, and the order is served once it is known', async () => {
    const [lamp, soon] = [await aProduct(5), uuid()];
    const order = anOrderCreated({
      items: [
        { product_id: lamp, quantity: 1 },
        { product_id: soon, quantity: 1 },
      ],
      timestamp: timestamp(clock.now()),
    });
    const neighbour = anOrderCreated({ items: [{ product_id: lamp, quantity: 1 }] });
    const failures = await handle(fixture.context, reserveStockConsumer, [order, neighbour]);
    assert.deepEqual(
      failures.map(({ event_id, error }) => [event_id, (error as { code?: string }).code]),
      [[order.event_id, 'stock_unknown']],
    );
    assert.equal(await statusOf(fixture, order.order_id), undefined);
    assert.equal(await statusOf(fixture, neighbour.order_id), 'held');
    await handle(fixture.context, openStockConsumer, [aProductCreated({ product_id: soon, initial_quantity: 1 })]);
    assert.deepEqual(await handle(fixture.context, reserveStockConsumer, [order]), []);
    assert.equal(await statusOf(fixture, order.order_id), 'held');
  });

  test('an unknown product is a rejection once the order is 30 seconds old', async () => {
    const never = uuid();
    const order = anOrderCreated({ items: [{ product_id: never, quantity: 2 }], timestamp: timestamp(clock.now()) });
    clock.advance(29_999);
    assert.equal((await handle(fixture.context, reserveStockConsumer, [order])).length, 1);
    clock.advance(1);
    assert.deepEqual(await handle(fixture.context, reserveStockConsumer, [order]), []);
    const [answer] = await answersTo('inventory.rejected', order.order_id);
    assert.deepEqual(answer?.['shortages'], [{ product_id: never, requested: 2, available: 0 }]);
  });

  test('an order cancelled before its creation was received never holds anything', async () => {
    const lamp = await aProduct(5);
    const order = anOrderCreated({ items: [{ product_id: lamp, quantity: 2 }] });
    await handle(fixture.context, releaseStockConsumer, [anOrderCancelled({ order_id: order.order_id })]);
    assert.equal(await statusOf(fixture, order.order_id), 'tombstone');
    await handle(fixture.context, reserveStockConsumer, [order]);
    assert.deepEqual(await balanceOf(fixture, lamp), { on_hand: 5, reserved: 0 });
    assert.deepEqual(await answersTo('inventory.reserved', order.order_id), []);
  });
});

describe('release-stock and ship-stock', () => {
  async function aHeldOrder(product_id: string, quantity: number): Promise<string> {
    const order = anOrderCreated({ items: [{ product_id, quantity }] });
    await handle(fixture.context, reserveStockConsumer, [order]);
    return order.order_id;
  }

  test('a cancelled order gives back what it held, once', async () => {
    const lamp = await aProduct(5);
    const order_id = await aHeldOrder(lamp, 3);
    const cancelled = anOrderCancelled({ order_id });
    await handle(fixture.context, releaseStockConsumer, [cancelled, anOrderCancelled({ order_id })]);
    await handle(fixture.context, releaseStockConsumer, [cancelled]);
    assert.deepEqual(await balanceOf(fixture, lamp), { on_hand: 5, reserved: 0 });
    const released = await answersTo('inventory.released', order_id);
    assert.deepEqual(
      released.map(({ items, reason }) => ({ items, reason })),
      [{ items: [{ product_id: lamp, quantity: 3 }], reason: 'customer_request' }],
    );
    assert.deepEqual(
      (await ledgerOf(lamp)).map((line) => line.kind),
      ['received', 'reserved', 'released'],
    );
  });

  test('a shipped order takes its pieces out of the house, once', async () => {
    const lamp = await aProduct(5);
    const order_id = await aHeldOrder(lamp, 3);
    const shipped = anOrderShipped({ order_id });
    await handle(fixture.context, shipStockConsumer, [shipped, anOrderShipped({ order_id })]);
    await handle(fixture.context, shipStockConsumer, [shipped]);
    assert.deepEqual(await balanceOf(fixture, lamp), { on_hand: 2, reserved: 0 });
    assert.deepEqual((await ledgerOf(lamp)).at(-1), { kind: 'shipped', on_hand_change: -3, reserved_change: -3 });
  });

  test('an order that leaves in parcels takes the pieces of each out of the house, once, in whatever order they come', async () => {
    const lamp = await aProduct(5);
    const order_id = await aHeldOrder(lamp, 3);
    const parcel = (quantity: number) => ({ parcel_id: uuid(), items: [{ product_id: lamp, quantity }] });
    const [first, second] = [anOrderShipped({ order_id, parcel: parcel(2) }), aParcelSent({ order_id, parcel: parcel(1) })];
    await handle(fixture.context, shipStockConsumer, [second, second]);
    assert.deepEqual([await statusOf(fixture, order_id), await balanceOf(fixture, lamp)], ['held', { on_hand: 4, reserved: 2 }]);
    await handle(fixture.context, shipStockConsumer, [first, second, first]);
    assert.deepEqual([await statusOf(fixture, order_id), await balanceOf(fixture, lamp)], ['shipped', { on_hand: 2, reserved: 0 }]);
    await handle(fixture.context, shipStockConsumer, [aParcelSent({ order_id, parcel: parcel(1) })]);
    assert.deepEqual(await balanceOf(fixture, lamp), { on_hand: 2, reserved: 0 });
    const again = fixture.db.query(
      `insert into movements (id, product_id, kind, on_hand_change, reserved_change, order_id, source_id, actor, created_at)
       values ($1, $2, 'shipped', -1, -1, $3, $4, 'system', now())`,
      [uuid(), lamp, order_id, first.parcel_id],
    );
    await assert.rejects(again, /movements_once/);
  });

  test('a shipped order is not released any more, and a released one is not shipped', async () => {
    const lamp = await aProduct(5);
    const [first, second] = [await aHeldOrder(lamp, 1), await aHeldOrder(lamp, 2)];
    await handle(fixture.context, shipStockConsumer, [anOrderShipped({ order_id: first })]);
    await handle(fixture.context, releaseStockConsumer, [anOrderCancelled({ order_id: first }), anOrderCancelled({ order_id: second })]);
    await handle(fixture.context, shipStockConsumer, [anOrderShipped({ order_id: second })]);
    assert.deepEqual([await statusOf(fixture, first), await statusOf(fixture, second)], ['shipped', 'released']);
    assert.deepEqual(await balanceOf(fixture, lamp), { on_hand: 4, reserved: 0 });
  });

  test('a shipment that arrives before its order is retried', async () => {
    const lamp = await aProduct(5);
    const order = anOrderCreated({ items: [{ product_id: lamp, quantity: 1 }] });
    const shipped = anOrderShipped({ order_id: order.order_id });
    const failures = await handle(fixture.context, shipStockConsumer, [shipped]);
    assert.equal((failures[0]?.error as { code?: string } | undefined)?.code, 'order_unseen');
    await handle(fixture.context, reserveStockConsumer, [order]);
    assert.deepEqual(await handle(fixture.context, shipStockConsumer, [shipped]), []);
    assert.deepEqual(await balanceOf(fixture, lamp), { on_hand: 4, reserved: 0 });
  });

  test('cancelling a rejected order changes nothing', async () => {
    const lamp = await aProduct(1);
    const order_id = await aHeldOrder(lamp, 2);
    await handle(fixture.context, releaseStockConsumer, [anOrderCancelled({ order_id })]);
    assert.equal(await statusOf(fixture, order_id), 'rejected');
    assert.deepEqual(await balanceOf(fixture, lamp), { on_hand: 1, reserved: 0 });
  });
});

describe('open-stock', () => {
  test('the opening stock counts once, however often and in whatever order its events arrive', async () => {
    const product_id = uuid();
    const created = aProductCreated({ product_id, initial_quantity: 7 });
    await handle(fixture.context, openStockConsumer, [aProductUpdated({ product_id })]);
    assert.deepEqual(await balanceOf(fixture, product_id), { on_hand: 0, reserved: 0 });
    await handle(fixture.context, openStockConsumer, [created, aProductCreated({ product_id, initial_quantity: 7 })]);
    await handle(fixture.context, openStockConsumer, [created, aProductUpdated({ product_id, product_version: 3, initial_quantity: 7 })]);
    assert.deepEqual(await balanceOf(fixture, product_id), { on_hand: 7, reserved: 0 });
    assert.deepEqual(
      (await ledgerOf(product_id)).map((line) => line.kind),
      ['received'],
    );
  });

  test('update and creation in one batch open with the quantity of the creation', async () => {
    const product_id = uuid();
    await handle(fixture.context, openStockConsumer, [
      aProductUpdated({ product_id }),
      aProductCreated({ product_id, initial_quantity: 4 }),
    ]);
    assert.deepEqual(await balanceOf(fixture, product_id), { on_hand: 4, reserved: 0 });
  });

  test('a creation that says no quantity opens with nothing, for good', async () => {
    const product_id = uuid();
    await handle(fixture.context, openStockConsumer, [aProductCreated({ product_id })]);
    await handle(fixture.context, openStockConsumer, [aProductUpdated({ product_id, initial_quantity: 9 })]);
    assert.deepEqual(await balanceOf(fixture, product_id), { on_hand: 0, reserved: 0 });
    assert.deepEqual(await ledgerOf(product_id), []);
  });
});

test('the ledger refuses to be changed', async () => {
  await aProduct(1);
  await assert.rejects(fixture.db.query('update movements set on_hand_change = 2'), /never changed or removed/);
  await assert.rejects(fixture.db.query('delete from movements'), /never changed or removed/);
});

test('after all of this the books balance', async () => {
  assert.deepEqual(await unbalanced(fixture), []);
});
