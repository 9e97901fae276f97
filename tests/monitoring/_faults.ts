/** Real faults, each undone again: what breaks, and which alerts it must make fire. */
import assert from 'node:assert/strict';
import { until } from '@souk/constellation/testing';
import { getOrderDetails, getStock, listProducts, type Product, placeOrder, type ServiceName } from '@souk/contracts';
import { systemIds } from '@souk/kernel';
import { findFreePorts } from '@souk/kernel/ports';
import { type Fault, nothing } from './_fault.ts';
import { messagesAndRows } from './_message-faults.ts';
import { type Stage, shipping_address } from './_stage.ts';

/** What the platform of the test is given as CHAOS_TOKEN. */
export const chaos_token = systemIds.secret(24);

/** As much as MemoryHigh allows a process in all. */
const hoardBytes = 1_073_741_824;
const back_limit_ms = 20_000;
const flood = 720;
const flood_at_once = 40;
const rounds_of_requests = 3;
const requests_in_round = 4;

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
