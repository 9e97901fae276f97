import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { manualClock } from '@souk/kernel';
import { buildGateway, type WindowCount } from '../src/index.ts';
import { aGateway, anUpstream, sendJson, type TestGateway, type Upstream, until } from './_support.ts';

describe('rate limits', () => {
  let shop: TestGateway;
  let upstream: Upstream;
  let react: NonNullable<Parameters<typeof anUpstream>[0]>;
  const open = async (...args: Parameters<typeof aGateway>): Promise<void> => {
    react = (_request, response) => sendJson(response, 200, { ok: true });
    upstream = await anUpstream((request, response, body) => react(request, response, body));
    shop = await aGateway(...args);
    await shop.register('products', upstream, 'p');
    for (const name of ['orders', 'users'])
      shop.gateway.context.instances.table.feed(name, [
        {
          name,
          instance_id: name,
          host: '127.0.0.1',
          port: upstream.port,
          health_check_path: '/health',
          metadata: {},
          registered_at: 0,
          lease_until: 1e15,
        },
      ]);
    await until(() => shop.gateway.context.instances.table.all().every(({ healthy }) => healthy), 'all are healthy');
  };
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(`${shop.url}${path}`, { headers });
  const statusOf = async (path: string, headers?: Record<string, string>): Promise<number> => (await get(path, headers)).status;
  afterEach(async () => {
    await shop.stop();
    await upstream.close();
  });

  it('count each address without a token, say what is left and when to come again', async () => {
    const clock = manualClock();
    await open({ rate_limit_read_max: 3 }, { clock });
    const first = await get('/api/products');
    assert.equal(first.headers.get('ratelimit-policy'), '"read";q=3;w=60');
    assert.equal(first.headers.get('ratelimit'), '"read";r=2;t=120');
    assert.deepEqual([await statusOf('/api/products'), await statusOf('/api/categories')], [200, 200]);
    const refused = await get('/api/products');
    assert.equal(refused.status, 429);
    assert.equal(((await refused.json()) as { code: string }).code, 'rate_limited');
    assert.equal(refused.headers.get('ratelimit'), '"read";r=0;t=120');
    const retry_after_s = Number(refused.headers.get('retry-after'));
    clock.advance((retry_after_s - 1) * 1_000);
    assert.equal(await statusOf('/api/products'), 429, 'a second earlier is too early');
    clock.advance(1_000);
    assert.equal(await statusOf('/api/products'), 200, 'who waits as told gets through');
    assert.equal(await statusOf('/health/live'), 200);
  });

  it('count each user by himself, wherever he comes from', async () => {
    await open({ rate_limit_read_max: 2 });
    const [ada, ben] = await Promise.all([shop.keys.tokenFor(), shop.keys.tokenFor()]);
    const asUser = (token: string): Promise<number> => statusOf('/api/products', { authorization: `Bearer ${token}` });
    assert.deepEqual([await asUser(ada), await asUser(ada), await asUser(ada)], [200, 200, 429]);
    assert.deepEqual([await asUser(ben), await statusOf('/api/products')], [200, 200]);
  });

  it('bound the guessing of tokens by address', async () => {
    await open({ rate_limit_read_max: 3 });
    const guess = (): Promise<number> => statusOf('/api/orders', { authorization: 'Bearer a.b.c' });
    assert.deepEqual([await guess(), await guess(), await guess(), await guess()], [401, 401, 401, 429]);
  });

  it('of class auth count the address always, and the user as well', async () => {
    await open({ rate_limit_auth_max: 2 });
    const open_account = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(`${shop.url}/api/users`, { method: 'POST', body: '{}', headers })).status;
    const as = async (): Promise<Record<string, string>> => ({ authorization: `Bearer ${await shop.keys.tokenFor()}` });
    assert.deepEqual([await open_account(await as()), await open_account({})], [200, 200]);
    assert.deepEqual([await open_account(await as()), await open_account({})], [429, 429], 'a token does not lift the limit');
  });

  it('of class auth follow a user from address to address', async () => {
    await open({ rate_limit_auth_max: 2, trusted_proxies: '127.0.0.0/8' });
    const authorization = `Bearer ${await shop.keys.tokenFor()}`;
    const from = async (address: string): Promise<number> =>
      (await fetch(`${shop.url}/api/users`, { method: 'POST', body: '{}', headers: { authorization, 'x-forwarded-for': address } })).status;
    assert.deepEqual([await from('1.1.1.1'), await from('1.1.1.2'), await from('1.1.1.3')], [200, 200, 429]);
  });

  it('count an answer by what it costs', async () => {
    await open({ rate_limit_read_max: 10 });
    react = (_request, response) => response.writeHead(200).end(Buffer.alloc(5 * 65_536, 'x'));
    const large = await get('/api/products');
    assert.match(large.headers.get('ratelimit') ?? '', /^"read";r=9;/);
    await large.arrayBuffer();
    const leftNow = async (): Promise<number> => Number(/r=(\d+)/.exec((await get('/api/categories')).headers.get('ratelimit') ?? '')?.[1]);
    react = (_request, response) => sendJson(response, 200, {});
    assert.equal(await leftNow(), 4, 'five for the first, one for this');
  });

  it('count an answer as as many requests as its service says, in its own headers, and pass that on to no client', async () => {
    const clock = manualClock();
    await open({ rate_limit_read_max: 10 }, { clock });
    const web = await anUpstream((request, response, body) => react(request, response, body));
    await shop.register('web', web, 'w');
    const ask = async (says?: string): Promise<[number, string | null, string | null]> => {
      react = (_request, response) => sendJson(response, 200, {}, says === undefined ? {} : { 'x-souk-requests': says });
      const answer = await fetch(`${shop.url}/graphql`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
      await answer.text();
      return [answer.status, answer.headers.get('x-souk-requests'), /r=\d+/.exec(answer.headers.get('ratelimit') ?? '')?.[0] ?? null];
    };
    assert.deepEqual(await ask('1'), [200, null, 'r=9']);
    assert.deepEqual(await ask(), [200, null, 'r=8']);
    for (const nonsense of ['0', '-5', '1e9', 'x', '9999999']) {
      clock.advance(120_000);
      assert.deepEqual(await ask(nonsense), [200, null, 'r=9'], nonsense);
    }
    assert.deepEqual(await ask('4'), [200, null, 'r=5']);
    // What began within the limit is answered; it is paid for by the time after it.
    assert.deepEqual(await ask('20'), [200, null, 'r=0']);
    assert.deepEqual(await ask('1'), [429, null, 'r=0']);
    clock.advance(60_000);
    assert.equal((await ask('1'))[0], 429, 'the next window pays as well');
    clock.advance(60_000);
    assert.deepEqual(await ask('1'), [200, null, 'r=9']);
    react = (_request, response) => sendJson(response, 200, {}, { 'x-souk-requests': '9' });
    assert.match((await get('/api/products')).headers.get('ratelimit') ?? '', /r=8;/, 'a route that does not weigh its answers counts one');
    await web.close();
  });

  it('keep the metrics for those who may scrape', async () => {
    await open();
    const metrics = (token?: string): Promise<Response> => get('/metrics', token === undefined ? {} : { authorization: `Bearer ${token}` });
    assert.deepEqual([(await metrics()).status, (await metrics('guess')).status], [401, 401]);
    assert.equal((await metrics(await shop.keys.tokenFor({ role: 'admin' }))).status, 403);
    const shown = await metrics(shop.scrape_token);
    assert.equal(shown.status, 200);
    assert.match(await shown.text(), /^souk_gateway_buffered_bytes/m);
  });

  it('keep the classes apart', async () => {
    await open({ rate_limit_auth_max: 1, rate_limit_write_max: 1, rate_limit_asset_max: 1 });
    const post = async (path: string): Promise<number> => (await fetch(`${shop.url}${path}`, { method: 'POST', body: '{}' })).status;
    assert.deepEqual([await post('/api/auth/login'), await post('/api/auth/login')], [200, 429]);
    assert.equal(await statusOf('/api/products'), 200);
    assert.deepEqual([await post('/api/orders'), await post('/api/orders')], [401, 429]);
    const asset = '/api/products/pictures/kettle.svg';
    assert.deepEqual([await statusOf(asset), await statusOf(asset), await statusOf('/api/products')], [200, 429, 200]);
  });

  it('believe a forwarded address only from a proxy that the configuration names', async () => {
    await open({ rate_limit_read_max: 1, trusted_proxies: '127.0.0.0/8' });
    const from = (forwarded: string): Promise<number> =>
      statusOf('/api/products', { 'x-forwarded-for': forwarded, 'x-forwarded-proto': 'https' });
    assert.deepEqual([await from('9.9.9.9, 1.1.1.1'), await from('8.8.8.8, 1.1.1.1'), await from('1.1.1.2')], [200, 429, 200]);
    assert.equal(upstream.seen[0]?.headers['x-forwarded-for'], '1.1.1.1');
    assert.equal(upstream.seen[0]?.headers['x-forwarded-proto'], 'https');
    assert.match((await get('/health/live', { 'x-forwarded-proto': 'https' })).headers.get('strict-transport-security') ?? '', /max-age/);
  });

  it('are shared when gateways exchange their counts', async () => {
    const exchanged: WindowCount[] = [];
    const elsewhere = 2;
    await open(
      { rate_limit_read_max: 4, rate_limit_sync_ms: 20 },
      {
        rate_limit_sync: {
          async exchange(_limit, counts) {
            exchanged.push(...counts);
            return counts.map((entry) => ({ ...entry, count: entry.count + elsewhere }));
          },
        },
      },
    );
    assert.equal(await statusOf('/api/products'), 200);
    await until(() => exchanged.length === 1, 'the counts are exchanged');
    await until(async () => (await get('/api/products')).status === 429 || exchanged.length > 4, 'the others count');
    assert.ok(upstream.seen.length <= 2 + elsewhere);
  });

  it('can be switched off for load tests, but not in the distributed world', async () => {
    await open({ rate_limit: 'off', rate_limit_read_max: 1 });
    const answers = [await get('/api/products'), await get('/api/products')];
    assert.ok(answers.every((answer) => answer.status === 200 && answer.headers.get('ratelimit') === null));
    const distributed = { ...shop.gateway.context.config, amqp_url: 'amqp://broker' };
    assert.throws(() => buildGateway(distributed), { code: 'config_invalid' });
    assert.doesNotThrow(() => buildGateway({ ...distributed, souk_bench: true }));
  });
});
