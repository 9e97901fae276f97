/** One shop of many processes, of which one after the other is restarted or killed, in three ways; the audit at the end is of all of it. */
import { after, before, describe, it } from 'node:test';
import { aShopProcess } from '@souk/platform/testing/shop-process';
import { killedOneByOne } from './scenarios/killed-one-by-one.ts';
import { restartsFailNoRequest } from './scenarios/restarts.ts';
import { watchersSeeEverything } from './scenarios/watchers.ts';

const shop = await aShopProcess(
  {
    ...{ RATE_LIMIT: 'off', SOUK_BENCH: '1', OPEN_ORDERS_MAX: '1000000', OPEN_PIECES_MAX: '1000000' },
    // Everything comes from one customer, at one address.
    ...{ CALLER_STREAMS_MAX: '5000', CALLER_REQUESTS_MAX: '5000', ADDRESS_CONNECTIONS_MAX: '5000' },
  },
  ['up', '--replicas', 'gateway=2,products=2,orders=2'],
);
const gateways = [shop.gateway_url, `http://127.0.0.1:${shop.port_base + 10}`] as const;

describe('a shop whose processes are killed', { timeout: 470_000 }, () => {
  before(() => shop.start());
  after(() => shop.end());

  it('restarts of gateways and a killed replica fail no request', (t) => restartsFailNoRequest(t, shop, gateways));

  it('every watcher sees each transition once and in order, whatever is killed', (t) => watchersSeeEverything(t, shop, gateways));

  it('killed one by one under load, with the broker and Redis after them, it loses, doubles and oversells nothing', (t) =>
    killedOneByOne(t, shop, gateways));
});
