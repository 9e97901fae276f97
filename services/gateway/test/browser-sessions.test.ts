/** Sessions by cookie: from the browser's cookies to the header that services know, and back. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { get } from 'node:http';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { refreshLogin, registeredServices } from '@souk/contracts';
import { type ManualClock, manualClock } from '@souk/kernel';
import { request } from 'undici';
import { aGateway, anUpstream, keys, sendJson, type TestGateway, type Upstream, until } from './_support.ts';

const sameOrigin = { 'sec-fetch-site': 'same-origin' };
const jsonBody = { 'content-type': 'application/json' };

describe('the session of a browser at the gateway', () => {
  let shop: TestGateway;
  let services: Upstream;
  let users: Upstream;
  let clock: ManualClock;
  const user_id = randomUUID();
  let refresh_token: string;
  /** What users answers to a renewal. */
  let renewal: 'renewed' | 'ended' | 'away';
  /** Renewals wait for it. */
  let held: Promise<void> | undefined;

  const tokenFor = (expires_in_s = 600) => shop.keys.tokenFor({ user_id, now_ms: clock.now(), expires_in_s });
  const renewals = () => users.seen.filter(({ url }) => url === refreshLogin.path);

  const open = async (config: Parameters<typeof aGateway>[0] = {}): Promise<void> => {
    clock = manualClock(Date.now());
    refresh_token = 'aaa.bbb.ccc';
    renewal = 'renewed';
    held = undefined;
    services = await anUpstream(({ url }, response) => {
      if (url !== '/session') return sendJson(response, 200, { ok: true }, { 'cache-control': 'public, max-age=60' });
      response.setHeader('set-cookie', ['souk_access=; Path=/; Max-Age=0', 'souk_refresh=; Path=/; Max-Age=0']);
      sendJson(response, 200, { ok: true });
    });
    users = await anUpstream((asked, response, body) => {
      if (asked.url !== refreshLogin.path) return sendJson(response, 200, { ok: true });
      void Promise.resolve(held).then(async () => {
        const known = (JSON.parse(body) as { refresh_token: string }).refresh_token === refresh_token;
        if (renewal === 'away') return sendJson(response, 503, {}, { 'retry-after': '1' });
        if (renewal === 'ended' || !known) return sendJson(response, 401, { code: 'refresh_token_invalid' });
        sendJson(response, 200, { access_token: await tokenFor(), token_type: 'Bearer', expires_in: 600, refresh_token: 'ddd.eee.fff' });
      });
    });
    shop = await aGateway(config, { clock });
    for (const name of registeredServices) {
      const { port } = name === 'users' ? users : services;
      const place = { name, instance_id: name, host: '127.0.0.1', port, health_check_path: '/health', metadata: {} };
      shop.gateway.context.instances.table.feed(name, [{ ...place, registered_at: 0, lease_until: 1e15 }]);
    }
    await until(() => shop.gateway.context.instances.table.all().every(({ healthy }) => healthy), 'all are healthy');
  };
  const close = () => Promise.all([shop.stop(), services.close(), users.close()]);
  beforeEach(() => open());
  afterEach(close);

  const ask = async (path: string, cookie: string, headers: Record<string, string> = {}, method: 'GET' | 'POST' | 'PUT' = 'GET') => {
    const body = method === 'GET' ? null : '{}';
    const sent = { ...(cookie !== '' && { cookie }), ...(body !== null && jsonBody), ...headers };
    const answer = await request(`${shop.url}${path}`, { method, headers: sent, body });
    const text = await answer.body.text();
    const code = text.startsWith('{') ? (JSON.parse(text) as { code?: string }).code : undefined;
    return { status: answer.statusCode, headers: answer.headers, code, cookies: [answer.headers['set-cookie'] ?? []].flat() };
  };
  const seen = () => services.seen.at(-1)?.headers ?? {};

  it('signs in as Authorization would, and no service gets a cookie that it does not need', async () => {
    const token = await tokenFor();
    const cookie = `theme="dark; _ga=ü; souk_access=${token}; souk_cart=abc; souk_refresh=${refresh_token}`;
    const order = await ask('/api/orders', cookie);
    assert.deepEqual([order.status, seen()['authorization'], seen()['cookie']], [200, `Bearer ${token}`, undefined]);
    assert.deepEqual([order.headers['cache-control'], order.cookies], ['private, no-store', []]);
    const page = await ask('/search', cookie);
    assert.deepEqual([page.status, seen()['authorization'], seen()['cookie']], [200, `Bearer ${token}`, 'souk_cart=abc']);
    assert.equal(page.headers['cache-control'], 'private, no-cache');
    await ask('/session', cookie, sameOrigin, 'POST');
    assert.equal(seen()['cookie'], `souk_cart=abc; souk_refresh=${refresh_token}`);
    const other = await tokenFor();
    await ask('/api/orders', cookie, { authorization: `Bearer ${other}` });
    assert.equal(seen()['authorization'], `Bearer ${other}`, 'who sends Authorization is asked for nothing else');
    assert.equal(renewals().length, 0);
  });

  it('is no session where the cookies are those of other apps, broken, or without the prefix of https', async () => {
    for (const cookie of ['theme=dark', 'souk_access=', 'souk_access=x.y.z', 'souk_access="', `__Host-souk_access=${await tokenFor()}`]) {
      assert.equal((await ask('/api/orders', cookie)).code, 'token_missing', cookie);
      const page = await ask('/search', cookie);
      assert.deepEqual([page.status, seen()['authorization'], seen()['cookie']], [200, undefined, undefined], cookie);
    }
    const token = await tokenFor();
    await close();
    await open({ trusted_proxies: '127.0.0.1' });
    const https = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' };
    const own = await tokenFor();
    assert.equal((await ask('/api/orders', `__Host-souk_access=${own}`, https)).status, 200);
    assert.equal((await ask('/api/orders', `souk_access=${own}`, https)).code, 'token_missing');
    assert.notEqual(own, token);
    const renewed = await ask('/api/orders', `__Host-souk_refresh=${refresh_token}`, https);
    for (const one of renewed.cookies) assert.match(one, /^__Host-souk_(?:access|refresh)=.+; Secure$/);
    assert.equal(renewals().at(-1)?.headers['x-forwarded-for'], '203.0.113.9');
  });

  it('changes nothing for another site', async () => {
    const cookie = `souk_access=${await tokenFor()}`;
    const host = shop.url.slice('http://'.length);
    for (const headers of [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: shop.url },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1:1' },
    ] as Record<string, string>[]) {
      const refused = await ask('/api/cart', cookie, headers, 'PUT');
      assert.deepEqual([refused.status, refused.code], [403, 'cross_origin_request'], JSON.stringify(headers));
      assert.ok(refused.headers['ratelimit'] !== undefined, 'it is counted');
    }
    assert.equal(services.seen.length, 0);
    for (const headers of [sameOrigin, { origin: `http://${host}` }, { origin: `https://${host}` }])
      assert.equal((await ask('/api/cart', cookie, headers, 'PUT')).status, 200, JSON.stringify(headers));
    assert.equal((await ask('/api/orders', cookie, { 'sec-fetch-site': 'cross-site' })).status, 200, 'a link may lead here');
    assert.equal((await ask('/session', '', { 'sec-fetch-site': 'cross-site' }, 'POST')).code, 'cross_origin_request', 'nor sign in');
    assert.equal((await ask('/graphql', 'theme=dark', {}, 'POST')).status, 200, 'programs have no session');
  });

  it('does not open WebSockets for pages of another site', async () => {
    const handshake = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      cookie: `souk_access=${await tokenFor()}`,
    };
    const status = await new Promise<number>((resolve, reject) => {
      const asked = get(`${shop.url}/ws`, { headers: { ...handshake, origin: 'http://elsewhere.example' } });
      asked.on('response', ({ statusCode = 0 }) => resolve(statusCode));
      asked.on('upgrade', (_response, socket) => {
        socket.destroy();
        resolve(101);
      });
      asked.on('error', reject);
    });
    assert.equal(status, 403);
  });

  it('is renewed before it ends, once for all tabs that ask at the same time', async () => {
    const old = await tokenFor(62);
    const both = `souk_access=${old}; souk_refresh=${refresh_token}`;
    assert.deepEqual((await ask('/api/orders', both)).cookies, [], 'a minute is enough');
    clock.advance(3_000);
    let release: () => void = () => undefined;
    held = new Promise((resolve) => {
      release = resolve;
    });
    const asked = [ask('/api/orders', both), ask('/search', both), ask('/api/orders', `souk_refresh=${refresh_token}`)];
    await until(() => renewals().length > 0, 'the renewal was asked for');
    release();
    for (const { status, cookies, headers } of await Promise.all(asked)) {
      assert.equal(status, 200);
      assert.match(cookies[0] ?? '', /^souk_access=ey[\w.-]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/);
      assert.match(cookies[1] ?? '', /^souk_refresh=ddd\.eee\.fff; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/);
      assert.match(String(headers['cache-control']), /^private/);
    }
    assert.equal(renewals().length, 1);
    assert.equal(renewals()[0]?.headers['x-souk-gateway'], keys.gatewayToken('users'));
    for (const { headers } of services.seen.slice(1)) assert.ok(headers['authorization'] !== `Bearer ${old}`);
  });

  it('that has ended elsewhere is removed, and its browser is a stranger', async () => {
    renewal = 'ended';
    const cookie = `souk_access=${await tokenFor(30)}; souk_refresh=${refresh_token}`;
    const page = await ask('/search', cookie);
    assert.deepEqual([page.status, seen()['authorization'], page.headers['cache-control']], [200, undefined, 'private, no-store']);
    assert.deepEqual(
      page.cookies.map((one) => one.slice(0, one.indexOf(' Http'))),
      ['souk_access=; Path=/; Max-Age=0;', 'souk_refresh=; Path=/; Max-Age=0;'],
    );
    const order = await ask('/api/orders', cookie);
    assert.deepEqual([order.code, order.cookies.length], ['token_missing', 2]);
  });

  it('goes on while users is away for as long as its access token, and is not forgotten then', async () => {
    renewal = 'away';
    const going = await ask('/api/orders', `souk_access=${await tokenFor(30)}; souk_refresh=${refresh_token}`);
    assert.deepEqual([going.status, going.cookies], [200, []]);
    const page = await ask('/search', `souk_refresh=${refresh_token}`);
    assert.deepEqual([page.status, page.cookies, seen()['authorization']], [200, [], undefined]);
    assert.equal((await ask('/api/orders', `souk_refresh=${refresh_token}`)).code, 'service_unavailable');
  });

  it('that is guessed costs users no more than the limit of an address', async () => {
    await close();
    await open({ rate_limit_read_max: 3 });
    const codes: (string | undefined)[] = [];
    for (let guess = 0; guess < 5; guess += 1) codes.push((await ask('/api/orders', `souk_refresh=a.b.${guess}`)).code);
    assert.deepEqual(codes, ['token_missing', 'token_missing', 'token_missing', 'rate_limited', 'rate_limited']);
    assert.equal(renewals().length, 3);
  });

  it('that is ended by an answer stays ended, though it was renewed on the way there', async () => {
    const { cookies } = await ask('/session', `souk_refresh=${refresh_token}`, sameOrigin, 'POST');
    const last = new Map(cookies.map((one) => [one.slice(0, one.indexOf('=')), one]));
    for (const name of ['souk_access', 'souk_refresh']) assert.match(last.get(name) ?? '', /=; Path=\/; Max-Age=0/, 'the last counts');
  });
});
