/** What is not proved to be an instance of this installation gets nothing, and no upstream ever sees the internal token. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { proofOf as proofAs } from '@souk/service-kit/testing';
import { aGateway, anUpstream, installationToken, keys, type TestGateway, until } from './_support.ts';

type Answer = (request: IncomingMessage) => Record<string, string>;

/** A program on a port that answers everything with 200; what it was sent is kept. */
async function aStranger(t: TestContext, proof: Answer = () => ({})): Promise<{ port: number; seen: { url: string; headers: string }[] }> {
  const seen: { url: string; headers: string }[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', headers: JSON.stringify(request.headers) });
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json', ...proof(request) }).end('{"status":"healthy"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, seen };
}

const signIn = (shop: TestGateway): Promise<Response> =>
  fetch(`${shop.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: 'ada', password: 'a secret of hers' }),
  });

async function registered(shop: TestGateway, port: number): Promise<void> {
  const headers = { authorization: `Bearer ${shop.registration_token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${shop.url}/registry/services/users/one`, {
    method: 'PUT',
    headers,
    body: JSON.stringify({ host: '127.0.0.1', port }),
  });
  assert.equal(answer.status, 200);
  await until(() => shop.gateway.context.instances.table.of('users')[0]?.last_checked_at !== undefined, 'it was checked');
}

describe('an instance that does not prove itself', () => {
  test('is out although it answers 200, and gets no login', async (t) => {
    const stranger = await aStranger(t);
    const shop = await aGateway();
    t.after(() => shop.stop());
    await registered(shop, stranger.port);
    const [instance] = shop.gateway.context.instances.table.of('users');
    assert.deepEqual([instance?.healthy, instance?.proven], [false, false]);
    assert.match(instance?.last_error ?? '', /does not prove/);
    assert.equal((await signIn(shop)).status, 503);
    assert.deepEqual([...new Set(stranger.seen.map(({ url }) => url))], ['/health/ready']);
  });

  test('of another installation is out too', async (t) => {
    const other = randomBytes(32).toString('hex');
    const stranger = await aStranger(t, ({ headers }) => proofAs(other, headers));
    const shop = await aGateway();
    t.after(() => shop.stop());
    await registered(shop, stranger.port);
    assert.equal((await signIn(shop)).status, 503);
    assert.equal(
      stranger.seen.every(({ url }) => url === '/health/ready'),
      true,
    );
  });

  test('cannot pass on the challenge to the true instance elsewhere', async (t) => {
    const genuine = await anUpstream();
    t.after(() => genuine.close());
    // It asks the true instance at its own address, as a relay would.
    const relay = await aStranger(t, ({ headers }) => proofAs(installationToken, { ...headers, host: `127.0.0.1:${genuine.port}` }));
    const shop = await aGateway();
    t.after(() => shop.stop());
    await registered(shop, relay.port);
    assert.equal(shop.gateway.context.instances.table.of('users')[0]?.proven, false);
    assert.equal((await signIn(shop)).status, 503);
  });

  test('took the port of one that was killed: it gets nothing, also before the next check', async (t) => {
    const genuine = await anUpstream();
    const shop = await aGateway({ recheck_interval_ms: 60_000, health_interval_ms: 60_000 });
    t.after(() => shop.stop());
    await shop.register('users', genuine, 'one');
    assert.equal((await signIn(shop)).status, 200);
    await genuine.close();
    // The failed connection takes it out; only a new proof brings it back.
    assert.equal((await signIn(shop)).status, 503);
    const seen: string[] = [];
    const stranger = createServer((request, response) => {
      seen.push(request.url ?? '');
      response.end('{}');
    });
    await new Promise<void>((resolve) => stranger.listen(genuine.port, '127.0.0.1', resolve));
    t.after(() => stranger.close());
    assert.equal((await signIn(shop)).status, 503);
    assert.deepEqual(
      seen.filter((url) => url !== '/health/ready'),
      [],
    );
  });

  test('may be a program that is not of Souk, where the operator says so', async (t) => {
    const foreign = await aStranger(t);
    const shop = await aGateway({ static_services: `users=http://127.0.0.1:${foreign.port}`, static_services_proof: 'none' });
    t.after(() => shop.stop());
    await until(() => shop.gateway.context.instances.table.of('users')[0]?.healthy === true, 'it is healthy');
    assert.equal((await signIn(shop)).status, 200);
    const strict = await aGateway({ static_services: `users=http://127.0.0.1:${foreign.port}` });
    t.after(() => strict.stop());
    assert.equal((await signIn(strict)).status, 503);
  });
});

describe('the internal token', () => {
  test('is in nothing that an upstream is sent, and what is there is good for that service alone', async (t) => {
    const names = ['users', 'orders', 'products', 'operations'];
    const upstreams = await Promise.all(names.map(() => anUpstream()));
    t.after(() => Promise.all(upstreams.map((upstream) => upstream.close())));
    const shop = await aGateway();
    t.after(() => shop.stop());
    for (const [index, name] of names.entries()) await shop.register(name, upstreams[index] ?? assert.fail(), name);
    const authorization = `Bearer ${await shop.keys.tokenFor({ role: 'staff' })}`;
    await Promise.all(
      ['/api/orders', '/api/products', '/api/users/me', '/api/dead-letters/orders', '/api/status'].map((path) =>
        fetch(shop.url + path, { headers: { authorization } }),
      ),
    );
    const seen = upstreams.flatMap((upstream) => upstream.seen);
    const sent = JSON.stringify(seen);
    assert.ok(seen.length >= 5, `${seen.length} requests arrived`);
    assert.equal(sent.includes(installationToken), false);
    for (const credential of [keys.scrapeToken(), keys.registrationToken(), keys.internalToken('gateway')])
      assert.equal(sent.includes(credential), false);
    const toOrders = seen.filter(({ url }) => url.startsWith('/api/orders'));
    assert.deepEqual(new Set(toOrders.map(({ headers }) => headers['x-souk-gateway'])), new Set([keys.gatewayToken('orders')]));
  });

  test('of one purpose is refused for another', async (t) => {
    const shop = await aGateway();
    t.after(() => shop.stop());
    const ask = async (method: string, path: string, token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      return (await fetch(shop.url + path, { method, headers, ...(method === 'PUT' && { body: '{"host":"127.0.0.1","port":1}' }) })).status;
    };
    const register = ['PUT', '/registry/services/users/evil'] as const;
    const all = [
      installationToken,
      keys.scrapeToken(),
      keys.internalToken('gateway'),
      keys.gatewayToken('gateway'),
      keys.internalToken('users'),
    ];
    for (const token of all) assert.equal(await ask(...register, token), 401, 'only a registration token registers');
    assert.equal(await ask('GET', '/metrics', keys.scrapeToken()), 200);
    assert.equal(await ask('GET', '/registry/targets', keys.scrapeToken()), 200);
    for (const token of [installationToken, keys.registrationToken(), keys.internalToken('gateway')])
      assert.equal(await ask('GET', '/metrics', token), 401);
  });
});
