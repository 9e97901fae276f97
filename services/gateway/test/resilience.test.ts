import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import type { GatewayConfig } from '../src/index.ts';
import { aGateway, anUpstream, sendJson, type TestGateway, type Upstream, until } from './_support.ts';

describe('a service with several instances', () => {
  let shop: TestGateway;
  const upstreams: Upstream[] = [];

  const open = async (config: Partial<GatewayConfig> = {}): Promise<void> => {
    shop = await aGateway({ health_interval_ms: 60_000, recheck_interval_ms: 60_000, ...config });
  };
  const instance = async (name: string, react: Parameters<typeof anUpstream>[0]): Promise<Upstream> => {
    const upstream = await anUpstream(react);
    upstreams.push(upstream);
    await shop.register(name, upstream);
    return upstream;
  };
  const named = (name: string) => (_request: unknown, response: Parameters<typeof sendJson>[0]) => sendJson(response, 200, { name });
  const ask = async (): Promise<string> => ((await (await fetch(`${shop.url}/api/products`)).json()) as { name: string }).name;
  const postOrder = async (headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${shop.url}/api/orders`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await shop.keys.tokenFor()}`, ...headers },
      body: '{}',
    });

  afterEach(async () => {
    await shop.stop();
    await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
  });

  it('serves them in turn', async () => {
    await open();
    await instance('products', named('one'));
    await instance('products', named('two'));
    const names = [await ask(), await ask(), await ask(), await ask()];
    assert.deepEqual(names.sort(), ['one', 'one', 'two', 'two']);
  });

  it('answers reads from another instance when one is gone, and asks the lost one no more', async () => {
    await open();
    const one = await instance('products', named('one'));
    await instance('products', named('two'));
    await one.close();
    for (let turn = 0; turn < 6; turn += 1) assert.equal(await ask(), 'two');
    const lost = shop.gateway.context.instances.table.of('products').find(({ port }) => port === one.port);
    assert.equal(lost?.healthy, false);
    assert.match(
      await (await fetch(`${shop.url}/metrics`, { headers: { authorization: `Bearer ${shop.scrape_token}` } })).text(),
      /souk_gateway_retries_total\{[^}]*upstream="products"[^}]*\} 1\n/,
    );
  });

  it('brings an instance back when it recovers, and forgets one that deregisters', async () => {
    await open({ recheck_interval_ms: 50 });
    const one = await instance('products', named('one'));
    await instance('products', named('two'));
    await one.close();
    for (let turn = 0; turn < 2; turn += 1) await ask();
    upstreams.push(await anUpstream(named('one again'), one.port));
    await until(async () => (await ask()) === 'one again', 'it is back');
    const gone = await fetch(`${shop.url}/registry/services/products/products-${one.port}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${shop.registration_token}` },
    });
    assert.equal(gone.status, 204);
    for (let turn = 0; turn < 4; turn += 1) assert.equal(await ask(), 'two');
  });

  it('repeats a write only with an idempotency key, on a route that honours it', async () => {
    await open();
    const dying = await instance('orders', (_request, response) => void response.destroy());
    assert.equal((await postOrder()).status, 502);
    assert.equal(dying.seen.length, 1);
    const well = await instance('orders', (_request, response) => sendJson(response, 201, { id: 1 }));
    const statuses = [await postOrder({ 'idempotency-key': 'k1' }), await postOrder({ 'idempotency-key': 'k2' })].map(
      ({ status }) => status,
    );
    assert.deepEqual(statuses, [201, 201]);
    assert.equal(well.seen.length, 2);
    assert.ok(well.seen.every(({ body, headers }) => body === '{}' && String(headers['idempotency-key']).startsWith('k')));
    const plain = [await postOrder(), await postOrder()].map(({ status }) => status);
    assert.deepEqual(plain.sort(), [201, 502]);
  });

  it('reads again elsewhere when an instance says it is stopping, and passes 503 on when there is no other', async () => {
    await open();
    await instance('products', (_request, response) => sendJson(response, 503, { code: 'shutting_down' }, { 'retry-after': '7' }));
    const alone = await fetch(`${shop.url}/api/products`);
    assert.equal(alone.status, 503);
    assert.equal(alone.headers.get('retry-after'), '7');
    await instance('products', named('two'));
    assert.deepEqual([await ask(), await ask()], ['two', 'two']);
  });

  it('is given only so much time', async () => {
    await open({ route_timeout_ms: 200 });
    await instance('products', () => undefined);
    const late = await fetch(`${shop.url}/api/products`);
    assert.equal(late.status, 504);
    assert.equal(((await late.json()) as { code: string }).code, 'upstream_timeout');
    await until(() => shop.gateway.context.pools.busy() === 0, 'the place is free again');
  });

  it('is left alone after several failures, then probed once, then served again', async () => {
    await open({ breaker_failures_max: 3, breaker_open_ms: 200, rate_limit: 'off' });
    let isWell = false;
    const users = await instance('users', (_request, response) => (isWell ? sendJson(response, 200, {}) : void response.destroy()));
    const login = async (): Promise<number> => (await fetch(`${shop.url}/api/auth/login`, { method: 'POST', body: '{}' })).status;
    assert.deepEqual([await login(), await login(), await login()], [502, 502, 502]);
    const arrived = users.seen.length;
    const refused = await fetch(`${shop.url}/api/auth/login`, { method: 'POST', body: '{}' });
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get('retry-after'), '1');
    assert.equal(users.seen.length, arrived, 'nothing was sent');
    await until(async () => (await login()) === 502, 'a probe is let through');
    assert.equal(users.seen.length, arrived + 1, 'one probe');
    isWell = true;
    await until(async () => (await login()) === 200, 'it is served again');
    assert.equal(await login(), 200);
  });

  it('is not left alone because of what its callers do wrong', async () => {
    await open({ breaker_failures_max: 2, rate_limit: 'off' });
    await instance('users', (_request, response) => sendJson(response, 401, { code: 'login_failed' }));
    for (let turn = 0; turn < 6; turn += 1)
      assert.equal((await fetch(`${shop.url}/api/auth/login`, { method: 'POST', body: '{}' })).status, 401);
  });

  it('which nobody has registered is unavailable for now', async () => {
    await open();
    const answer = await fetch(`${shop.url}/api/products`);
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.get('retry-after'), '1');
    assert.equal(((await answer.json()) as { code: string }).code, 'service_unavailable');
  });

  it('refuses more than may wait for it', async () => {
    await open({ upstream_connections_max: 1, upstream_waiting_max: 1 });
    const held: (() => void)[] = [];
    const slow = await instance('products', (_request, response) => void held.push(() => sendJson(response, 200, { name: 'slow' })));
    const first = [ask(), ask()];
    await until(() => shop.gateway.context.pools.busy() === 2, 'both places are taken');
    const third = await fetch(`${shop.url}/api/products`);
    assert.equal(third.status, 503);
    assert.equal(((await third.json()) as { code: string }).code, 'overloaded');
    await until(() => slow.seen.length === 1, 'the first is there');
    held.shift()?.();
    await until(() => held.length === 1, 'the second is there');
    held.shift()?.();
    assert.deepEqual(await Promise.all(first), ['slow', 'slow']);
  });

  it('finishes what is under way when the gateway stops, and takes no more connections', async () => {
    await open();
    const held: (() => void)[] = [];
    await instance('products', (_request, response) => void held.push(() => sendJson(response, 200, { name: 'late' })));
    const asked = ask();
    await until(() => held.length === 1, 'the request is there');
    const stopped = shop.gateway.stop();
    await until(() => takesNoConnection(shop.url), 'it takes no more connections');
    await assert.rejects(fetch(`${shop.url}/api/products`));
    held.shift()?.();
    assert.equal(await asked, 'late');
    await stopped;
  });
});

function takesNoConnection(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('error', () => resolve(true));
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });
}
