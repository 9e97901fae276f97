/** The model of inventory does what its consumers do: every state that it reaches, every message, on PostgreSQL. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { buildInventory, InventoryConfig } from '@souk/inventory';
import { releaseStockConsumer } from '@souk/inventory/consumers/release-stock';
import { reserveStockConsumer } from '@souk/inventory/consumers/reserve-stock';
import { shipStockConsumer } from '@souk/inventory/consumers/ship-stock';
import { systemIds } from '@souk/kernel';
import { anEnvelope } from '@souk/messaging/testing';
import { realDecisions } from '../src/decisions.ts';
import { type InventoryState, openedStock, receiveOrder, unknownStock } from '../src/model/inventory.ts';
import type { EventName } from '../src/model/messages.ts';
import type { Outcome } from '../src/model/participant.ts';
import { reachedStates } from './_reached.ts';
import { anHourAgo, handled, openService, takePublished } from './_service.ts';

const { context, db, close } = await openService({ name: 'inventory', schema: InventoryConfig, build: buildInventory });
after(close);

const consumers = { 'order.created': reserveStockConsumer, 'order.cancelled': releaseStockConsumer, 'order.shipped': shipStockConsumer };
const events = Object.keys(consumers) as (keyof typeof consumers)[];

const starts = [unknownStock, openedStock(0), openedStock(1)].map((stock): InventoryState => ({ reservation: null, stock }));
const states = reachedStates(starts, (state) => events.flatMap((event) => receiveOrder(realDecisions, state, event)));

interface Written {
  reservation: string | null;
  on_hand: number;
  reserved: number;
  publishes: EventName[];
  fails: boolean;
}

/** What the consumer makes of the message, for an order that is young or an hour old. */
async function written({ reservation, stock }: InventoryState, event: keyof typeof consumers, patient: boolean): Promise<Written> {
  const [order_id, product_id, user_id] = [systemIds.uuid(), systemIds.uuid(), systemIds.uuid()];
  if (stock.known)
    await db.query(
      `insert into stock (product_id, on_hand, reserved, stock_version, opened, published_version, published_available, change_reason, updated_at)
       values ($1, $2, $3, 1, true, 1, 0, 'received', now())`,
      [product_id, stock.on_hand, stock.reserved],
    );
  const items = [{ product_id, quantity: 1, price: 0.02 }];
  if (reservation !== null)
    await db.query('insert into reservations (order_id, status, items, created_at, updated_at) values ($1, $2, $3, now(), now())', [
      order_id,
      reservation,
      JSON.stringify(reservation === 'tombstone' ? [] : items),
    ]);
  const payload = { order_id, order_version: 1, user_id, items, reason: 'customer_request', cancelled_by: 'customer' };
  const message = anEnvelope(event, payload, patient ? {} : { timestamp: anHourAgo() });
  const failure = await handled(context, consumers[event], message);
  const [row] = await db.query<{ status: string }>('select status from reservations where order_id = $1', [order_id]);
  const [balance] = await db.query<{ on_hand: number; reserved: number }>('select on_hand, reserved from stock where product_id = $1', [
    product_id,
  ]);
  const answers: readonly string[] = ['inventory.reserved', 'inventory.rejected'];
  const publishes = await takePublished(db, (event_type) => (answers.includes(event_type) ? (event_type as EventName) : undefined));
  return {
    reservation: row?.status ?? null,
    on_hand: balance?.on_hand ?? 0,
    reserved: balance?.reserved ?? 0,
    publishes,
    fails: failure !== undefined,
  };
}

function expected({ state, publishes, fails }: Outcome<InventoryState>): Written {
  const { on_hand, reserved } = state.stock;
  return { reservation: state.reservation, on_hand, reserved, publishes: [...publishes], fails: fails !== undefined };
}

test('every message in every state', async () => {
  assert.ok(states.length >= 10, String(states.length));
  for (const state of states)
    for (const event of events) {
      const outcomes = receiveOrder(realDecisions, state, event);
      for (const [place, outcome] of outcomes.entries())
        assert.deepEqual(await written(state, event, place === 0), expected(outcome), `${JSON.stringify(state)} ${event} ${place}`);
    }
});
