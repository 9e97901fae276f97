/** What imported files say of stock counts once for each import and product, however often and in whatever order its message comes. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { EventOf, PayloadOf, productStockStated } from '@souk/contracts';
import { anEnvelope } from '@souk/messaging/testing';
import { openStockConsumer } from '../src/consumers/open-stock.ts';
import { reserveStockConsumer } from '../src/consumers/reserve-stock.ts';
import { stateStockConsumer } from '../src/consumers/state-stock.ts';
import { anOrderCreated, aProductCreated, balanceOf, eventsOf, type Fixture, handle, openFixture, unbalanced, uuid } from './_support.ts';

let fixture: Fixture;
before(async () => {
  fixture = await openFixture();
});
after(() => fixture?.close());

type Stated = EventOf<typeof productStockStated>;
const aStatement = (payload: PayloadOf<typeof productStockStated>): Stated =>
  anEnvelope('product.stock_stated', payload as unknown as Record<string, unknown>) as unknown as Stated;

async function aProduct(initial_quantity: number): Promise<string> {
  const product_id = uuid();
  await handle(fixture.context, openStockConsumer, [aProductCreated({ product_id, initial_quantity })]);
  return product_id;
}
const state = (...events: Stated[]) => handle(fixture.context, stateStockConsumer, events);
const onHand = async (product_id: string) => (await balanceOf(fixture, product_id))?.on_hand;

describe('stock that a file states', () => {
  it('is set and added once, also when the message comes again, in one batch or at the same time', async () => {
    const product_id = await aProduct(5);
    const [set, add] = [
      aStatement({ import_id: uuid(), product_id, mode: 'set', quantity: 20 }),
      aStatement({ import_id: uuid(), product_id, mode: 'add', quantity: 3 }),
    ];
    await state(set, add, set);
    assert.equal(await onHand(product_id), 23);
    await Promise.all([state(add, set), state(set, add), state({ ...add, event_id: uuid() })]);
    assert.equal(await onHand(product_id), 23);
    const again = aStatement({ import_id: uuid(), product_id, mode: 'add', quantity: 3 });
    await Promise.all([state(again), state(again), state(again)]);
    assert.equal(await onHand(product_id), 26);
    assert.deepEqual(await unbalanced(fixture), []);
  });

  it('is refused with both numbers where it is stale, below what is promised, or too large', async () => {
    const product_id = await aProduct(10);
    await handle(fixture.context, reserveStockConsumer, [anOrderCreated({ items: [{ product_id, quantity: 6 }] })]);
    const import_id = uuid();
    const [stock] = await fixture.db.query<{ stock_version: number }>('select stock_version from stock where product_id = $1', [
      product_id,
    ]);
    const stock_version = stock?.stock_version ?? 0;
    await state(
      aStatement({ import_id, product_id, mode: 'set', quantity: 5 }),
      aStatement({ import_id: uuid(), product_id, mode: 'set', quantity: 8, stock_version: stock_version - 1 }),
      aStatement({ import_id: uuid(), product_id, mode: 'add', quantity: 1_000_000_000 }),
    );
    assert.deepEqual(await balanceOf(fixture, product_id), { on_hand: 10, reserved: 6 });
    const refused = (await eventsOf(fixture, 'inventory.stock_refused')).filter((event) => event['product_id'] === product_id);
    // Of what is handled together no order is promised.
    refused.sort((one, other) => String(one['reason']).localeCompare(String(other['reason'])));
    assert.deepEqual(
      refused.map(({ reason, quantity, on_hand, reserved, stated_version }) => [reason, quantity, on_hand, reserved, stated_version]),
      [
        ['below_reserved', 5, 10, 6, undefined],
        ['stale', 8, 10, 6, stock_version - 1],
        ['too_large', 1_000_000_000, 10, 6, undefined],
      ],
    );
    await state(aStatement({ import_id, product_id, mode: 'set', quantity: 5 }));
    assert.equal((await eventsOf(fixture, 'inventory.stock_refused')).length, refused.length, 'it is answered once');
    await state(aStatement({ import_id: uuid(), product_id, mode: 'set', quantity: 6, stock_version }));
    assert.deepEqual(await balanceOf(fixture, product_id), { on_hand: 6, reserved: 6 });
    assert.deepEqual(await unbalanced(fixture), []);
  });

  it('waits for the opening stock of its product', async () => {
    const product_id = uuid();
    const early = aStatement({ import_id: uuid(), product_id, mode: 'set', quantity: 4 });
    const [failure] = await state(early);
    assert.equal(failure?.event_id, early.event_id);
    await handle(fixture.context, openStockConsumer, [aProductCreated({ product_id, initial_quantity: 9 })]);
    assert.deepEqual(await state(early), []);
    assert.equal(await onHand(product_id), 4);
  });
});
