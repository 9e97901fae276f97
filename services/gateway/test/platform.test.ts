import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { type InstanceStatus, registeredServices } from '@souk/contracts';
import type { Broker } from '@souk/messaging';
import { buildGateway } from '../src/index.ts';
import { aGateway, anUpstream, sendJson, type TestGateway, type Upstream, until } from './_support.ts';

describe('the gateway about the platform', () => {
  let shop: TestGateway;
  const upstreams: Upstream[] = [];
  const instance = async (react?: Parameters<typeof anUpstream>[0]): Promise<Upstream> => {
    const upstream = await anUpstream(react);
    upstreams.push(upstream);
    return upstream;
  };
  const get = (path: string, role?: 'staff' | 'customer'): Promise<Response> =>
    (async () => fetch(`${shop.url}${path}`, role ? { headers: { authorization: `Bearer ${await shop.keys.tokenFor({ role })}` } } : {}))();
  afterEach(async () => {
    await shop.stop();
    await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
  });

  it('reports the health of each service by name, and never lies', async () => {
    shop = await aGateway();
    const empty = await get('/health');
    assert.match(((await empty.clone().json()) as { timestamp: string }).timestamp, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    assert.equal(empty.status, 503);
    assert.equal((await get('/health/ready')).status, 503);
    const all = await Promise.all(registeredServices.map(async (name) => [name, await instance()] as const));
    for (const [name, upstream] of all) await shop.register(name, upstream);
    const healthOf = async () =>
      (await (await get('/health')).json()) as {
        status: string;
        services: Record<string, { status: string; instances: { status: string }[] }>;
      };
    await until(async () => (await healthOf()).status === 'healthy', 'all is well');
    assert.deepEqual(Object.keys((await healthOf()).services).sort(), [...registeredServices].sort());
    assert.equal((await get('/health/ready')).status, 200);
    await all.find(([name]) => name === 'payments')?.[1].close();
    await until(async () => (await healthOf()).status === 'degraded', 'one is gone');
    const { services } = await healthOf();
    assert.equal(services['payments']?.status, 'unhealthy');
    assert.equal(services['orders']?.status, 'healthy');
    assert.equal((await get('/health')).status, 200);
  });

  it('lists all instances to services, itself among them, and knows them again after a restart', async () => {
    const state_folder = await mkdtemp(join(tmpdir(), 'souk-gateway-'));
    shop = await aGateway({ state_folder, lease_ms: 5_000 });
    const upstream = await instance();
    await shop.register('orders', upstream, 'first');
    await shop.register('orders', upstream, 'second');
    const list = async (gateway: TestGateway) =>
      (await (
        await fetch(`${gateway.url}/registry/services`, { headers: { authorization: `Bearer ${gateway.scrape_token}` } })
      ).json()) as Record<string, { instance_id: string; healthy: boolean; port: number }[]>;
    const listed = await list(shop);
    assert.deepEqual(
      listed['orders']?.map(({ instance_id, healthy }) => [instance_id, healthy]),
      [['second', true]],
      'one address is one instance',
    );
    assert.equal(listed['gateway']?.[0]?.port, shop.port);
    await shop.stop();
    shop = await aGateway({ state_folder });
    assert.deepEqual(
      (await list(shop))['orders']?.map(({ instance_id, healthy }) => [instance_id, healthy]),
      [['second', true]],
    );
    await shop.stop();
    await rm(state_folder, { recursive: true, force: true });
  });

  it('lists the lease of an instance as it was renewed last', async () => {
    shop = await aGateway({ lease_ms: 5_000 });
    const upstream = await instance();
    await shop.register('orders', upstream, 'living');
    const leaseUntil = async (): Promise<string> => {
      const headers = { authorization: `Bearer ${shop.scrape_token}` };
      const listed = (await (await fetch(`${shop.url}/registry/services`, { headers })).json()) as Record<
        string,
        { lease_until: string }[]
      >;
      return listed['orders']?.[0]?.lease_until ?? '';
    };
    const first = await leaseUntil();
    await until(async () => {
      await shop.register('orders', upstream, 'living');
      return (await leaseUntil()) > first;
    }, 'the lease is renewed');
  });

  it('reports the incidents of its broker although it is connected', async () => {
    const broker = { connected: () => true, incidents: () => ['RabbitMQ does not answer'] } as unknown as Broker;
    shop = await aGateway({}, { broker });
    const { checks } = (await (await get('/health')).json()) as { checks: Record<string, { status: string; detail?: string }> };
    assert.deepEqual(checks['broker'], { status: 'degraded', detail: 'RabbitMQ does not answer' });
  });

  it('refuses registrations that are wrong or come from a stranger', async () => {
    shop = await aGateway();
    const put = async (
      path: string,
      body: string | Uint8Array<ArrayBuffer>,
      token = shop.registration_token,
      type = 'application/json',
    ): Promise<number> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': type };
      return (await fetch(`${shop.url}/registry/services/${path}`, { method: 'PUT', headers, body })).status;
    };
    const right = JSON.stringify({ host: '127.0.0.1', port: 80 });
    assert.deepEqual(
      [
        await put('orders/a', right, 'x'.repeat(64)),
        await put('orders/a', '{'),
        await put('orders/a', '{"host":"h"}'),
        await put('ORDERS/a', right),
        await put('orders/a', JSON.stringify({ host: 'h', port: 80, more: 1 })),
        await put('orders/a', '{"host":"h","port":80,"port":81}'),
        await put('orders/a', '{"host":"h","port":80,"__proto__":{}}'),
        await put('orders/a', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
        await put('orders/a', '['.repeat(100_000)),
        await put('orders/a', right, shop.registration_token, 'text/plain'),
        await put('orders/a', right, shop.registration_token, 'application/json; charset=utf-16'),
        await put('orders/a', 'x'.repeat(1_048_577)),
      ],
      [401, 400, 400, 400, 400, 400, 400, 400, 400, 415, 415, 413],
    );
    assert.equal(await put('orders/a', right), 200);
  });

  it('reads fixed lists of services', async () => {
    const upstream = await instance();
    shop = await aGateway({ static_services: `products=${upstream.url}` });
    assert.equal((await get('/api/products')).status, 200);
    assert.throws(() => buildGateway({ ...shop.gateway.context.config, static_services: 'nonsense' }), { code: 'static_services_invalid' });
  });

  it('lets pages of allowed origins read answers, and no others', async () => {
    shop = await aGateway({ cors_origins: 'https://shop.example' });
    await shop.register('products', await instance((_request, response) => sendJson(response, 200, {}, { vary: 'Accept' })));
    const from = (origin: string, init: RequestInit = {}): Promise<Response> =>
      fetch(`${shop.url}/api/products`, { ...init, headers: { origin, ...(init.headers as Record<string, string>) } });
    const allowed = await from('https://shop.example');
    assert.equal(allowed.headers.get('access-control-allow-origin'), 'https://shop.example');
    assert.match(allowed.headers.get('access-control-expose-headers') ?? '', /ETag.*Idempotency-Replayed.*X-Correlation-ID/);
    assert.equal(allowed.headers.get('vary'), 'Accept, Origin');
    const stranger = await from('https://evil.example');
    assert.equal(stranger.headers.get('access-control-allow-origin'), null);
    assert.equal(stranger.headers.get('vary'), 'Accept, Origin');
    const asking = { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } };
    const preflight = await from('https://shop.example', asking);
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-methods'), 'GET, HEAD, OPTIONS, POST');
    const refused = await from('https://evil.example', asking);
    assert.deepEqual([refused.status, refused.headers.get('access-control-allow-methods')], [204, null]);
    assert.equal(refused.headers.get('allow'), 'GET, HEAD, OPTIONS, POST');
    assert.throws(() => buildGateway({ ...shop.gateway.context.config, cors_origins: '*' }), { code: 'config_invalid' });
  });

  it('sends the addresses of operators to operations, with the same roles as ever', async () => {
    shop = await aGateway();
    const operations = await instance((request, response) => sendJson(response, 200, { url: request.url }));
    await shop.register('operations', operations);
    const paths = ['/api/status', '/api/audit?run=now', '/api/dead-letters/payments', '/api/dead-letters/payments/7'];
    for (const path of paths) {
      const answers = [await get(path), await get(path, 'customer'), await get(path, 'staff')];
      assert.deepEqual(
        answers.map(({ status }) => status),
        [401, 403, 200],
        path,
      );
    }
    assert.equal((await get('/status')).status, 200, 'the page is for everybody');
    assert.deepEqual(
      operations.seen.map(({ url }) => url),
      [...paths, '/status'],
    );
    for (const path of ['/internal/audit', '/internal/platform-status']) assert.equal((await get(path, 'staff')).status, 404, path);
    await operations.close();
    await until(async () => (await get('/api/status', 'staff')).status === 503, 'operations is away');
    const { services } = (await (await get('/health')).json()) as { services: Record<string, { status: string }> };
    assert.equal(services['operations']?.status, 'unhealthy');
  });

  it('reports its own status to operations, and to no other caller', async () => {
    shop = await aGateway();
    const ask = async (token: string): Promise<Response> =>
      fetch(`${shop.url}/registry/status`, { headers: { authorization: `Bearer ${token}` } });
    const status = (await (await ask(shop.internal_token)).json()) as InstanceStatus;
    assert.deepEqual([status.service, status.instance_id], ['gateway', shop.gateway.instance_id]);
    assert.deepEqual(
      status.gateway?.breakers.map(({ upstream, state }) => [upstream, state]),
      registeredServices.map((name) => [name, 'closed']),
    );
    assert.equal((await ask(await shop.keys.tokenFor({ role: 'admin' }))).status, 403);
  });

  it('keeps the key set, so that tokens are known after a restart while users is away', async () => {
    const state_folder = await mkdtemp(join(tmpdir(), 'souk-gateway-'));
    shop = await aGateway({ state_folder });
    const orders = await instance();
    await shop.register('orders', orders);
    const authorization = `Bearer ${await shop.keys.tokenFor()}`;
    const ask = async (): Promise<number> => (await fetch(`${shop.url}/api/orders`, { headers: { authorization } })).status;
    assert.equal(await ask(), 200);
    await shop.stop();
    const away = async () => {
      throw new Error('users is away');
    };
    shop = await aGateway({ state_folder }, { fetchKeys: away });
    assert.equal(await ask(), 200);
    await shop.stop();
    shop = await aGateway({}, { fetchKeys: away });
    assert.equal(await ask(), 503, 'never 401 where no key was ever seen');
    await rm(state_folder, { recursive: true, force: true });
  });

  it('says which port is taken', async () => {
    shop = await aGateway();
    await assert.rejects(aGateway({ port: shop.port }), { code: 'port_taken' });
  });
});
