/** Real faults, each undone again: what breaks, and which alerts it must make fire. */
import assert from 'node:assert/strict';
import { until } from '@souk/constellation/testing';
import {
  adjustStock,
  getOrderDetails,
  getStock,
  listProducts,
  type Order,
  type Product,
  paymentProcessed,
  placeOrder,
  type ServiceName,
} from '@souk/contracts';
import { systemIds, timestamp } from '@souk/kernel';
import { findFreePorts } from '@souk/kernel/ports';
import { type Stage, shipping_address } from './_stage.ts';

export interface Fault {
  what: string;
  /** All of them fire while it lasts. */
  alerts: readonly string[];
  /** Makes it and leaves it; the answer undoes it. */
  inflict(stage: Stage, scraped: () => Promise<void>): Promise<Undo>;
  /** It passes by itself, so it is made again until it was seen. */
  passing?: true;
}

type Undo = () => Promise<unknown>;
const nothing: Undo = async () => undefined;

/** What the platform of the test is given as CHAOS_TOKEN. */
export const chaos_token = systemIds.secret(24);

const callers = 12;
const hold_s = 2;
const block_ms = 400;
/** As much as MemoryHigh allows a process in all. */
const hoardBytes = 1_073_741_824;
const again_ms = 1_500;
const back_limit_ms = 20_000;
const flood = 720;
const flood_at_once = 40;
const slow_orders = 8;
const rounds_of_requests = 3;
const requests_in_round = 4;

/** An event as somebody else would publish it. */
const message = (routing_key: string, body: string) => ({
  message_id: systemIds.uuid(),
  routing_key,
  body,
  correlation_id: systemIds.uuid(),
  headers: { event_type: routing_key, version: '1.0' },
  mandatory: true,
});

/** The payment of a confirmed order, declined after all. */
function contradiction({ id, user_id, total_amount, currency }: Order): string {
  const payment = { payment_id: systemIds.uuid(), order_id: id, user_id, amount: total_amount, currency, status: 'declined' };
  const { event_type, version } = paymentProcessed;
  const envelope = { event_id: systemIds.uuid(), event_type, timestamp: timestamp(Date.now()), version, correlation_id: systemIds.uuid() };
  return JSON.stringify({ ...envelope, metadata: {}, ...payment, decline_code: 'card_declined' });
}

/** A counter that is first seen with its last value never grew: what counts must be asked for over several scrapes. */
async function overScrapes(scraped: () => Promise<void>, ask: () => Promise<unknown>): Promise<void> {
  for (let round = 0; round < rounds_of_requests; round += 1) {
    await Promise.all(Array.from({ length: requests_in_round }, ask));
    await scraped();
  }
}

/** Starts a service again and waits until requests are sent to it. */
async function back(souk: Stage['souk'], name: ServiceName): Promise<void> {
  await souk.startService(name);
  const headers = { authorization: `Bearer ${souk.internal_token}` };
  await until(async () => {
    const listed = (await (await fetch(`${souk.gateway_url}/registry/services`, { headers })).json()) as Record<
      string,
      { healthy: boolean }[]
    >;
    return listed[name]?.some(({ healthy }) => healthy) ? undefined : `${name} is not there yet`;
  }, back_limit_ms);
}

const messagesAndRows: readonly Fault[] = [
  {
    what: 'payments that take long',
    alerts: ['CheckoutSlow', 'CheckoutLatencyBudgetBurning'],
    async inflict({ aShopper, aProduct, buy }) {
      const [shopper, product] = [await aShopper(), await aProduct(50)];
      await Promise.all(Array.from({ length: slow_orders }, () => buy(shopper, product, { payment_method: 'tok_slow', wait_s: 0 })));
      return nothing;
    },
  },
  {
    what: 'a message nobody can read',
    alerts: ['DeadLetters'],
    async inflict({ souk }) {
      await souk.world.broker.publish([message('payment.requested', '{"half')]);
      return nothing;
    },
  },
  {
    what: 'a payment that contradicts its order',
    alerts: ['ImpossibleInput'],
    async inflict({ souk, aShopper, aProduct, buy }) {
      const order = await buy(await aShopper(), await aProduct(5));
      await souk.world.broker.publish([message(paymentProcessed.event_type, contradiction(order))]);
      return nothing;
    },
  },
  {
    what: 'stock that was changed past the ledger',
    alerts: ['BooksNotBalanced'],
    async inflict({ souk, aProduct }) {
      const { id } = await aProduct(5);
      const add = (pieces: number) =>
        souk.databaseOf('inventory').query('update stock set on_hand = on_hand + $2 where product_id = $1', [id, pieces]);
      await add(1);
      return () => add(-1);
    },
  },
  {
    what: 'a queue that lost its binding',
    alerts: ['OutboxUnroutable'],
    async inflict({ souk, staff, aProduct }) {
      const { id: product_id } = await aProduct(5);
      const broker = souk.databaseOf('broker');
      const lost = await broker.query<{ queue_id: number }>(
        `delete from binding where routing_key = 'inventory.updated' returning queue_id`,
      );
      await staff.expect(201, adjustStock, { params: { product_id }, body: { quantity_change: 1, reason: 'found one' } });
      return () =>
        Promise.all(lost.map(({ queue_id }) => broker.query(`insert into binding values ('inventory.updated', $1)`, [queue_id])));
    },
  },
  {
    what: 'callers that hold every connection',
    alerts: ['DatabasePoolExhausted'],
    passing: true,
    async inflict({ souk }) {
      const { db } = souk.service('products').context;
      // Twice as many as the pool has: the second half waits as long as the first half sleeps.
      const held = Promise.allSettled(Array.from({ length: callers }, () => db.query('select pg_sleep($1)', [hold_s])));
      return () => held;
    },
  },
  {
    what: 'a loop that computes too long',
    alerts: ['EventLoopBlocked'],
    passing: true,
    async inflict() {
      const ends = performance.now() + block_ms;
      while (performance.now() < ends);
      return nothing;
    },
  },
];

const services: readonly Fault[] = [
  {
    what: 'an instance that is registered and does not answer',
    alerts: ['InstanceDown'],
    async inflict({ souk }) {
      const address = `${souk.gateway_url}/registry/services/products/products-lost`;
      const headers = { authorization: `Bearer ${souk.internal_token}`, 'content-type': 'application/json' };
      const [port] = await findFreePorts(1);
      const body = JSON.stringify({ host: '127.0.0.1', port, health_check_path: '/health/ready', metadata: {} });
      const answer = await fetch(address, { method: 'PUT', headers, body });
      assert.ok(answer.ok, `the registry answered ${answer.status}: ${await answer.text()}`);
      return () => fetch(address, { method: 'DELETE', headers });
    },
  },
  {
    what: 'something that takes all memory',
    alerts: ['MemoryHigh'],
    async inflict() {
      // Filled, because memory that was never written to is not there.
      let hoard: Buffer | undefined = Buffer.alloc(hoardBytes, 1);
      return async () => {
        assert.equal(hoard?.length, hoardBytes);
        hoard = undefined;
      };
    },
  },
  {
    what: 'an order that nobody ends, because payments is away',
    alerts: ['CheckoutStuck', 'ServiceDown'],
    async inflict({ souk, aShopper, aProduct, buy }) {
      const [shopper, product] = [await aShopper(), await aProduct(5)];
      await souk.stopService('payments');
      const { id } = await buy(shopper, product, { wait_s: 0 });
      await souk.databaseOf('orders').query(`update orders set created_at = created_at - interval '1 hour' where id = $1`, [id]);
      return () => back(souk, 'payments');
    },
  },
  {
    what: 'a catalogue that is away',
    alerts: ['ReadsUnavailable', 'ReadsBudgetBurning'],
    async inflict({ souk, anonymous, aShopper, aProduct, buy }, scraped) {
      const [shopper, product] = [await aShopper(), await aProduct(5)];
      const { id: order_id } = await buy(shopper, product, { wait_s: 0 });
      await souk.stopService('products');
      await overScrapes(scraped, async () => {
        await anonymous.call(listProducts);
        await shopper.call(getOrderDetails, { params: { order_id } });
      });
      return () => back(souk, 'products');
    },
  },
];

const ordersAndBroker: readonly Fault[] = [
  {
    what: 'orders that cannot be placed',
    alerts: ['CheckoutFailing', 'CheckoutBudgetBurning'],
    async inflict({ souk, aShopper, aProduct }, scraped) {
      const [shopper, product] = [await aShopper(), await aProduct(5)];
      await souk.stopService('orders');
      await overScrapes(scraped, () => shopper.call(placeOrder, { body: orderOf(product) }));
      return () => back(souk, 'orders');
    },
  },
  {
    what: 'a broker that is away',
    alerts: ['BrokerAway', 'OutboxStuck'],
    async inflict({ souk, aShopper }) {
      const [broker, users] = [souk.databaseOf('broker'), souk.databaseOf('users')];
      await broker.query('alter table message rename to message_away');
      await aShopper();
      await users.query(`update outbox set created_at = created_at - interval '10 minutes'`);
      return () => broker.query('alter table message_away rename to message');
    },
  },
];

const clients: readonly Fault[] = [
  {
    what: 'a client that floods the shop',
    alerts: ['RateLimitSurge'],
    async inflict({ aShopper, aProduct }) {
      const [shopper, product] = [await aShopper(), await aProduct(5)];
      const ask = () => shopper.call(getStock, { params: { product_id: product.id } });
      for (let sent = 0; sent < flood; sent += flood_at_once) await Promise.all(Array.from({ length: flood_at_once }, ask));
      return nothing;
    },
  },
  {
    what: 'a drill that was left on',
    alerts: ['ChaosActive', 'BreakerOpen', 'ServiceErrors'],
    async inflict({ souk, anonymous }, scraped) {
      const address = `${souk.urlOf('products')}/chaos`;
      const headers = { authorization: `Bearer ${chaos_token}`, 'content-type': 'application/json' };
      await fetch(address, { method: 'PUT', headers, body: JSON.stringify({ error_share: 1, error_status: 502 }) });
      await overScrapes(scraped, () => anonymous.call(listProducts));
      return () => fetch(address, { method: 'DELETE', headers });
    },
  },
];

/** Those that can last side by side are inflicted together. */
export const faultRounds: readonly (readonly Fault[])[] = [messagesAndRows, services, ordersAndBroker, clients];

function orderOf({ id: product_id }: Product) {
  return { items: [{ product_id, quantity: 1 }], shipping_address, payment_method: 'tok_visa' };
}

/** Inflicts a round, waits until every alert of it has fired, and undoes it. */
export async function playRound(
  round: readonly Fault[],
  stage: Stage,
  { scraped, firing }: { scraped: () => Promise<void>; firing: () => Promise<Set<string>> },
  limit_ms: number,
): Promise<void> {
  const undo: Undo[] = [];
  try {
    for (const fault of round) undo.push(await fault.inflict(stage, scraped));
    const seen = new Set<string>();
    let inflicted_at = performance.now();
    await until(async () => {
      for (const name of await firing()) seen.add(name);
      const missing = round.flatMap(({ what, alerts }) => alerts.filter((name) => !seen.has(name)).map((name) => `${name} (${what})`));
      if (performance.now() - inflicted_at > again_ms) {
        inflicted_at = performance.now();
        for (const { passing, alerts, inflict } of round)
          if (passing && alerts.some((name) => !seen.has(name))) undo.push(await inflict(stage, scraped));
      }
      return missing.length === 0 ? undefined : `not firing: ${missing.join(', ')}`;
    }, limit_ms);
  } finally {
    for (const back of undo.reverse()) await back();
  }
}
