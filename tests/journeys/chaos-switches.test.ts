import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type FaultSpec, listProducts, type ServiceName } from '@souk/contracts';
import { until } from '@souk/platform/testing';
import { buy, openShop, type Shop, scraper } from './_support.ts';

const token = 'tkn-for-drills-7261';

describe('fault injection with the chaos switches, seen through the gateway', () => {
  let shop: Shop;
  before(async () => {
    shop = await openShop({ env: { CHAOS_TOKEN: token, RECHECK_INTERVAL_MS: '50', BREAKER_OPEN_MS: '300' } });
  });
  after(() => shop.souk.stop());

  const switchChaos = async (name: ServiceName, spec?: FaultSpec): Promise<void> => {
    const answer = await fetch(`${shop.souk.urlOf(name)}/chaos`, {
      method: spec ? 'PUT' : 'DELETE',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(spec && { body: JSON.stringify(spec) }),
    });
    assert.equal(answer.status, spec ? 200 : 204, await answer.text());
  };
  const health = async () =>
    (await (await fetch(`${shop.souk.gateway_url}/health`)).json()) as {
      status: string;
      services: Record<string, { status: string; instances: { status: string }[] }>;
    };
  /** The state of a breaker as the metrics report it: 0 closed, 1 half open, 2 open. */
  const breaker = async (upstream: string): Promise<string | undefined> => {
    const text = await (await fetch(`${shop.souk.gateway_url}/metrics`, { headers: scraper(shop) })).text();
    return new RegExp(`souk_gateway_breaker_state\\{[^}]*upstream="${upstream}"[^}]*\\} (\\d)`).exec(text)?.[1];
  };
  const products = async () => shop.anonymous.call(listProducts, { query: { limit: 1 } });
  const instance = (name: ServiceName) => {
    const context = shop.souk.service('gateway').context as unknown as {
      instances: { table: { of(service: string): readonly { healthy: boolean }[] }; probe(): Promise<void> };
    };
    return { healthy: () => context.instances.table.of(name).some(({ healthy }) => healthy), probe: () => context.instances.probe() };
  };

  test('an instance that calls itself unhealthy is taken out, and is back when the fault has ended', async () => {
    const taken = instance('products');
    await switchChaos('products', { unhealthy: true });
    await taken.probe();
    assert.equal(taken.healthy(), false);
    await until(async () => ((await health()).services['products']?.status === 'unhealthy' ? undefined : 'not reported yet'));
    assert.equal((await health()).status, 'degraded');
    await switchChaos('products');
    await until(() => (taken.healthy() ? undefined : 'still out'));
    assert.equal((await products()).status, 200);
    await until(async () => ((await health()).status === 'healthy' ? undefined : 'not healed yet'));
  });

  test('injected errors open the breaker; when they end, it closes again by itself', async () => {
    await switchChaos('products', { error_share: 1, error_status: 502, duration_s: 60 });
    await until(async () => {
      await products();
      return (await breaker('products')) === '2' ? undefined : 'the breaker is not open';
    });
    const refused = await products();
    assert.ok([502, 503].includes(refused.status), String(refused.status));
    await switchChaos('products');
    await until(async () => ((await products()).status === 200 ? undefined : 'still refused'));
    assert.equal(await breaker('products'), '0');
  });

  test('a slow payments service delays no customer who orders, and nothing is lost', async () => {
    const [shopper, product] = [await shop.aShopper(), await shop.aProduct(3)];
    await switchChaos('payments', { latency_ms: 3_000, error_share: 1, unhealthy: true });
    assert.equal((await buy(shopper, product)).status, 'confirmed');
    await switchChaos('payments');
    await shop.booksBalance();
  });

  test('at the gateway faults hit the whole API, and nothing else', async () => {
    await switchChaos('gateway', { error_share: 1, error_status: 503, latency_ms: 50 });
    const refused = await products();
    assert.deepEqual([refused.status, refused.code, refused.headers['retry-after']], [503, 'chaos_injected', '1']);
    assert.equal((await fetch(`${shop.souk.gateway_url}/health/live`)).status, 200);
    await switchChaos('gateway', { unhealthy: true });
    assert.equal((await products()).status, 200);
    assert.equal((await fetch(`${shop.souk.gateway_url}/health/ready`)).status, 503);
    await until(async () => ((await health()).status === 'unhealthy' ? undefined : 'not reported yet'));
    await switchChaos('gateway');
    assert.equal((await fetch(`${shop.souk.gateway_url}/health/ready`)).status, 200);
    const metrics = await (await fetch(`${shop.souk.gateway_url}/metrics`, { headers: scraper(shop) })).text();
    const injected = metrics.split('\n').filter((line) => /^souk_chaos_injected_total\{.*service="gateway".* [1-9]\d*$/.test(line));
    assert.deepEqual(injected.map((line) => /kind="(\w+)"/.exec(line)?.[1]).sort(), ['errors', 'latency', 'unhealthy']);
  });
});
