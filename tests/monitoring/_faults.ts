/** Real faults, each undone again: what breaks, and which alerts it must make fire. */
import assert from 'node:assert/strict';
import { createTestClient } from '@souk/client/testing';
import { getMe, getOrder, getOrderDetails, getStock, listProducts, type Product, placeOrder } from '@souk/contracts';
import { systemIds } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { findFreePorts } from '@souk/kernel/ports';
import { until } from '@souk/platform/testing';
import type { Fault } from './_fault.ts';
import { books, messagesAndRows } from './_message-faults.ts';
import { shipping_address } from './_stage.ts';
import { timedWork } from './_work-faults.ts';

/** What the platform of the test is given as CHAOS_TOKEN. */
export const chaos_token = systemIds.secret(24);

const back_limit_ms = 60_000;
const flood = 720;
const flood_at_once = 40;
const rounds_of_requests = 3;
const requests_in_round = 4;
const errors_at_once = 8;

/** A counter that is first seen with its last value never grew: what counts must be asked for over several scrapes. */
async function overScrapes(scraped: () => Promise<void>, ask: () => Promise<unknown>): Promise<void> {
  for (let round = 0; round < rounds_of_requests; round += 1) {
    await Promise.all(Array.from({ length: requests_in_round }, ask));
    await scraped();
  }
}

const services: readonly Fault[] = [
  {
    what: 'an instance that is registered and does not answer',
    alerts: [{ alert: 'InstanceDown', step: 'One that is gone for good leaves the registry when its lease ends' }],
    async inflict({ souk }) {
      const address = `${souk.gateway_url}/registry/services/products/products-lost`;
      const headers = {
        authorization: `Bearer ${platformKeys(souk.internal_token).registrationToken()}`,
        'content-type': 'application/json',
      };
      const [port] = await findFreePorts(1);
      const body = JSON.stringify({ host: '127.0.0.1', port, health_check_path: '/health/ready', metadata: {} });
      const answer = await fetch(address, { method: 'PUT', headers, body });
      assert.ok(answer.ok, `the registry answered ${answer.status}: ${await answer.text()}`);
      return () => fetch(address, { method: 'DELETE', headers });
    },
  },
  {
    what: 'an order that does not end, because payments is away',
    alerts: [
      { alert: 'CheckoutStuck', step: 'Bring the participant and the broker back. Waiting orders go on by themselves' },
      { alert: 'ServiceDown', step: 'Read its log, cure what it names, start it.' },
    ],
    async inflict({ souk, aShopper, aProduct, buy }) {
      const [shopper, product] = [await aShopper(), await aProduct(5)];
      await souk.stopService('payments');
      const { id } = await buy(shopper, product, { wait_s: 0 });
      await souk.databaseOf('orders').query(`update orders set created_at = created_at - interval '1 hour' where id = $1`, [id]);
      return async () => {
        await souk.startService('payments');
        await until(async () => {
          const { status } = (await shopper.expect(200, getOrder, { params: { order_id: id } })).body;
          return status === 'confirmed' ? undefined : `the order that waited is ${status}`;
        }, back_limit_ms);
      };
    },
  },
  {
    what: 'a catalogue that is away',
    alerts: [
      { alert: 'ReadsUnavailable', step: 'Start the service again; it registers within a second and is asked at once.' },
      { alert: 'ReadsBudgetBurning', step: 'Replace the instance' },
    ],
    async inflict({ souk, anonymous, aShopper, aProduct, buy, scraped }) {
      const [shopper, product] = [await aShopper(), await aProduct(5)];
      const { id: order_id } = await buy(shopper, product, { wait_s: 0 });
      await souk.stopService('products');
      await overScrapes(scraped, async () => {
        await anonymous.call(listProducts);
        await shopper.call(getOrderDetails, { params: { order_id } });
      });
      return async () => {
        await souk.startService('products');
        await anonymous.expect(200, listProducts);
      };
    },
  },
];

const ordersAndBroker: readonly Fault[] = [
  {
    what: 'orders that cannot be placed',
    alerts: [
      { alert: 'CheckoutFailing', step: 'Bring back what `/health` calls unhealthy' },
      { alert: 'CheckoutBudgetBurning', step: 'Find the instance or the hour' },
    ],
    async inflict({ souk, aShopper, aProduct, buy, scraped }) {
      const [shopper, product] = [await aShopper(), await aProduct(5)];
      await souk.stopService('orders');
      await overScrapes(scraped, () => shopper.call(placeOrder, { body: orderOf(product) }));
      return async () => {
        await souk.startService('orders');
        assert.equal((await buy(shopper, product)).status, 'confirmed');
      };
    },
  },
  {
    what: 'a broker that is away',
    alerts: [
      { alert: 'BrokerAway', step: 'Services connect by themselves within seconds; they need no restart.' },
      { alert: 'OutboxStuck', step: 'Bring the broker back; the relay goes on by itself.' },
    ],
    async inflict({ souk, aShopper }) {
      const [broker, users] = [souk.databaseOf('broker'), souk.databaseOf('users')];
      await broker.query('alter table message rename to message_away');
      await aShopper();
      await users.query(`update outbox set created_at = created_at - interval '10 minutes'`);
      return async () => {
        await broker.query('alter table message_away rename to message');
        await until(async () => {
          const { backlog } = souk.service('users').context.messaging.health().outbox;
          return backlog === 0 ? undefined : `${backlog} in the outbox`;
        }, back_limit_ms);
      };
    },
  },
];

const clients: readonly Fault[] = [
  {
    what: 'a client that floods the shop',
    alerts: [
      { alert: 'RateLimitSurge', step: 'Find the user (`caller`) or the address (`client_address`) in the log lines with status 429.' },
    ],
    async inflict({ aShopper, aProduct, lines }) {
      const [shopper, product] = [await aShopper(), await aProduct(5)];
      const { id } = (await shopper.expect(200, getMe)).body;
      const ask = () => shopper.call(getStock, { params: { product_id: product.id } });
      for (let sent = 0; sent < flood; sent += flood_at_once) await Promise.all(Array.from({ length: flood_at_once }, ask));
      return async () => {
        const refused = lines().filter((line) => line.includes('"status":429'));
        assert.ok(refused.length > 0);
        for (const line of refused) assert.match(line, new RegExp(`"caller":"${id}","client_address":"127\\.0\\.0\\.1"`));
      };
    },
  },
  {
    what: 'fault injection that was left on',
    alerts: [
      { alert: 'ChaosActive', step: 'Switch it off at the service, with its token: `DELETE /chaos`' },
      { alert: 'BreakerOpen', step: 'the breaker closes with the first answer and needs no hand' },
      { alert: 'ServiceErrors', step: 'Find the route on the dashboard of the service, and the log lines with that route and status.' },
    ],
    async inflict({ souk, anonymous, lines, scraped }) {
      const address = `${souk.urlOf('products')}/chaos`;
      const headers = { authorization: `Bearer ${chaos_token}`, 'content-type': 'application/json' };
      await fetch(address, { method: 'PUT', headers, body: JSON.stringify({ error_share: 1, error_status: 502 }) });
      // The service itself too: once the breaker is open the gateway asks it no more, and a few errors among many answers are no alert.
      const itself = createTestClient({ base_url: souk.urlOf('products') });
      const ask = () =>
        Promise.all([anonymous.call(listProducts), ...Array.from({ length: errors_at_once }, () => itself.call(listProducts))]);
      await overScrapes(scraped, ask);
      return async () => {
        assert.ok(lines().some((line) => line.includes(`"route":"${listProducts.path}"`) && line.includes('"status":502')));
        await fetch(address, { method: 'DELETE', headers });
        await until(async () => ((await anonymous.call(listProducts)).status === 200 ? undefined : 'the breaker is open'), back_limit_ms);
      };
    },
  },
];

/** Those that can last side by side are inflicted together. */
export const faultRounds: readonly (readonly Fault[])[] = [books, messagesAndRows, services, ordersAndBroker, clients, timedWork];

function orderOf({ id: product_id }: Product) {
  return { items: [{ product_id, quantity: 1 }], shipping_address, payment_method: 'tok_visa' };
}
