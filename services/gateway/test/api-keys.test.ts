import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, describe, it } from 'node:test';
import { exchangeApiKey, type KeyFault, registeredServices, scopeNames, scopesOf } from '@souk/contracts';
import { type ManualClock, manualClock, systemIds } from '@souk/kernel';
import { apiKeyOf, apiKeySecretBytes } from '@souk/service-kit';
import { createLog } from '@souk/telemetry';
import { routeTable } from '../src/route-table.ts';
import { aGateway, anUpstream, keys, sendJson, type TestGateway, type Upstream, until } from './_support.ts';

interface IssuedKey {
  key: string;
  id: string;
  user_id: string;
  scope: string;
  refused: KeyFault | null;
}

describe('API keys at the gateway', () => {
  let shop: TestGateway;
  let services: Upstream;
  let users: Upstream;
  let clock: ManualClock;
  const issued = new Map<string, IssuedKey>();
  const lines: Record<string, unknown>[] = [];
  const texts: string[] = [];

  const open = async (config: Parameters<typeof aGateway>[0] = {}): Promise<void> => {
    clock = manualClock(Date.now());
    issued.clear();
    texts.length = 0;
    lines.length = 0;
    services = await anUpstream();
    users = await anUpstream((request, response, body) => {
      if (request.url !== exchangeApiKey.path) return sendJson(response, 200, { ok: true });
      void answerExchange(body).then((answer) => sendJson(response, 200, answer));
    });
    const write = (text: string): void => {
      texts.push(text);
      lines.push(JSON.parse(text) as Record<string, unknown>);
    };
    shop = await aGateway(config, { clock, log: createLog({ level: 'debug', format: 'json', destination: { write } }) });
    for (const name of registeredServices) {
      const { port } = name === 'users' ? users : services;
      const place = { name, instance_id: name, host: '127.0.0.1', port, health_check_path: '/health', metadata: {} };
      shop.gateway.context.instances.table.feed(name, [{ ...place, registered_at: 0, lease_until: 1e15 }]);
    }
    await until(() => shop.gateway.context.instances.table.all().every(({ healthy }) => healthy), 'all are healthy');
  };
  const answerExchange = async (body: string) => {
    const known = issued.get((JSON.parse(body) as { key: string }).key);
    const refused = known === undefined ? 'unknown' : known.refused;
    if (known === undefined || refused !== null) return { access_token: null, expires_in: 0, refused };
    const { user_id, id, scope } = known;
    const access_token = await shop.keys.tokenFor({ user_id, role: 'staff', key: { id, scope }, now_ms: clock.now() });
    return { access_token, expires_in: 600, refused };
  };
  const aKey = (scope = 'orders:read', user_id: string = randomUUID()): IssuedKey => {
    const id = systemIds.uuid();
    const made = { id, key: apiKeyOf(id, systemIds.secret(apiKeySecretBytes)), user_id, scope, refused: null };
    issued.set(made.key, made);
    return made;
  };
  const get = (path: string, key: string): Promise<Response> =>
    fetch(`${shop.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  const statusOf = async (path: string, key: string): Promise<number> => (await get(path, key)).status;
  const asked = (): number => users.seen.filter(({ url }) => url === exchangeApiKey.path).length;
  const codeOf = async (answer: Response): Promise<string> => ((await answer.json()) as { code: string }).code;
  afterEach(async () => {
    await shop.stop();
    await Promise.all([services.close(), users.close()]);
  });

  it('are exchanged for a token; the key itself goes to users only, and into no log', async () => {
    await open({ log_level: 'debug' });
    const { key, id, user_id } = aKey();
    assert.deepEqual(await Promise.all(Array.from({ length: 10 }, () => statusOf('/api/orders', key))), Array(10).fill(200));
    assert.equal(asked(), 1, 'one question for all who wait');
    assert.equal(users.seen.at(-1)?.headers.authorization, `Bearer ${keys.internalToken('users')}`);
    for (const { headers } of services.seen) {
      const claims = JSON.parse(Buffer.from(String(headers.authorization).split('.')[1] ?? '', 'base64url').toString()) as Record<
        string,
        unknown
      >;
      assert.deepEqual([claims['sub'], claims['key'], claims['role'], claims['scope']], [user_id, id, 'staff', 'orders:read']);
    }
    assert.equal(JSON.stringify(services.seen).includes('souk_live_'), false);
    await until(() => lines.filter((line) => line['msg'] === 'request').length === 10, 'ten lines');
    const line = lines.find((one) => one['msg'] === 'request');
    assert.deepEqual([line?.['caller'], line?.['api_key']], [user_id, id]);
    assert.deepEqual(
      texts.filter((text) => text.includes('souk_live_')),
      [],
    );
  });

  it('also stand behind the joined answers of the gateway itself', async () => {
    await open();
    const { key } = aKey();
    const answer = await get(`/api/orders/${randomUUID()}/details`, key);
    assert.equal(services.seen.length > 0, true, String(answer.status));
    assert.ok(
      [...services.seen, ...users.seen.filter(({ url }) => url !== exchangeApiKey.path)].every(({ headers }) =>
        headers.authorization?.startsWith('Bearer ey'),
      ),
    );
  });

  it('that were deleted are refused within half a minute, and in the log by name', async () => {
    await open();
    const made = aKey();
    assert.equal(await statusOf('/api/orders', made.key), 200);
    made.refused = 'deleted';
    clock.advance(29_999);
    assert.equal(await statusOf('/api/orders', made.key), 200);
    clock.advance(1);
    const refused = await get('/api/orders', made.key);
    assert.deepEqual([refused.status, await codeOf(refused)], [401, 'token_invalid']);
    assert.equal(refused.headers.get('www-authenticate'), 'Bearer error="invalid_token"');
    assert.equal(await statusOf('/api/orders', made.key), 401);
    assert.equal(services.seen.length, 2);
    const refusals = lines.filter((line) => line['log'] === 'security');
    assert.deepEqual(
      refusals.map(({ event, outcome, cause, api_key, client_address }) => [event, outcome, cause, api_key, client_address]),
      Array(2).fill(['token_refused', 'refused', 'api_key_deleted', made.id, '127.0.0.1']),
    );
  });

  it('of an account that lost its rights, or that expired, likewise', async () => {
    await open();
    for (const fault of ['creator', 'expired', 'unknown'] as const) {
      const made = aKey();
      assert.equal(await statusOf('/api/orders', made.key), 200);
      made.refused = fault;
      clock.advance(30_000);
      assert.equal(await statusOf('/api/orders', made.key), 401);
      assert.equal(lines.findLast((line) => line['log'] === 'security')?.['cause'], `api_key_${fault}`);
    }
  });

  it('go on for nine minutes while users is away; those that are not known get 503', async () => {
    await open();
    const [known, strange] = [aKey(), aKey()];
    assert.equal(await statusOf('/api/orders', known.key), 200);
    const { port } = users;
    await users.close();
    const answer = await get('/api/orders', strange.key);
    assert.deepEqual([answer.status, await codeOf(answer)], [503, 'service_unavailable']);
    assert.ok(Number(answer.headers.get('retry-after')) >= 1);
    clock.advance(539_999);
    assert.equal(await statusOf('/api/orders', known.key), 200);
    clock.advance(1);
    assert.equal(await statusOf('/api/orders', known.key), 503);
    users = await anUpstream((_request, response, body) => void answerExchange(body).then((one) => sendJson(response, 200, one)), port);
    await until(async () => (await statusOf('/api/orders', known.key)) === 200, 'users is back');
    assert.equal(await statusOf('/api/orders', strange.key), 200);
  });

  it('are asked about again as soon as users is back, within seconds', async () => {
    await open();
    const made = aKey();
    assert.equal(await statusOf('/api/orders', made.key), 200);
    const { port } = users;
    await users.close();
    clock.advance(30_000);
    assert.equal(await statusOf('/api/orders', made.key), 200);
    made.refused = 'deleted';
    users = await anUpstream((_request, response, body) => void answerExchange(body).then((one) => sendJson(response, 200, one)), port);
    await until(() => shop.gateway.context.instances.table.all().every(({ healthy }) => healthy), 'users is found again');
    clock.advance(5_000);
    assert.equal(await statusOf('/api/orders', made.key), 401);
  });

  it('with a typing mistake are refused without a question, and count against the address like all guesses', async () => {
    await open({ rate_limit_read_max: 4 });
    const { key } = aKey();
    const wrong = `${key.slice(0, 50)}${key[50] === 'a' ? 'b' : 'a'}${key.slice(51)}`;
    assert.deepEqual([await statusOf('/api/orders', wrong), await statusOf('/api/orders', 'souk_live_x')], [401, 401]);
    assert.equal(asked(), 0);
    const guess = (): string => apiKeyOf(systemIds.uuid(), systemIds.secret(apiKeySecretBytes));
    assert.deepEqual([await statusOf('/api/orders', guess()), await statusOf('/api/orders', guess())], [401, 401]);
    assert.equal(asked(), 2);
    assert.deepEqual([await statusOf('/api/orders', guess()), await statusOf('/api/orders', wrong)], [429, 429]);
    assert.equal(asked(), 2, 'beyond the limit users is not asked');
    assert.deepEqual(
      lines.filter(({ log, event }) => log === 'security' && event === 'token_refused').map(({ cause }) => cause),
      ['api_key_malformed', 'api_key_malformed', 'api_key_unknown', 'api_key_unknown'],
    );
  });

  it('are counted each by itself: neither with their creator nor with another key, and not with their address once known', async () => {
    await open({ rate_limit_read_max: 2 });
    const user_id = randomUUID();
    const [one, two] = [aKey('orders:read', user_id), aKey('orders:read', user_id)];
    const person = await shop.keys.tokenFor({ user_id, role: 'admin' });
    const three = async (token: string): Promise<number[]> => [
      await statusOf('/api/orders', token),
      await statusOf('/api/orders', token),
      await statusOf('/api/orders', token),
    ];
    assert.deepEqual(await three(one.key), [200, 200, 429]);
    assert.deepEqual(await three(two.key), [200, 200, 429]);
    assert.deepEqual(await three(person), [200, 200, 429]);
    clock.advance(120_000);
    assert.deepEqual(await three(one.key), [200, 200, 429]);
  });

  it('do on every route what its declaration says, and nothing where it says nothing', async () => {
    await open({ rate_limit: 'off' });
    const all = aKey(scopeNames.join(' ')).key;
    const call = async ({ method, path }: { method: string; path: string }, key: string): Promise<[number, string | undefined]> => {
      const address = path.replaceAll(/\{\w+\}/g, randomUUID());
      const answer = await fetch(`${shop.url}${address}`, { method, headers: { authorization: `Bearer ${key}` } });
      if (answer.status >= 400) return [answer.status, await codeOf(answer)];
      // A stream does not end by itself.
      await answer.body?.cancel();
      return [answer.status, undefined];
    };
    const declared = routeTable.filter(({ access, limit }) => access !== 'internal' && access !== 'chaos' && limit !== 'none');
    let [opened, closed] = [0, 0];
    for (const route of declared) {
      const name = `${route.method} ${route.path}`;
      const before = services.seen.length + users.seen.length - asked();
      const scopes = scopesOf(route);
      if (scopes.length === 0) {
        assert.deepEqual(await call(route, all), [403, 'scope_missing'], name);
        assert.equal(services.seen.length + users.seen.length - asked(), before, name);
        closed += 1;
        continue;
      }
      const others = aKey(scopeNames.filter((scope) => !scopes.includes(scope)).join(' ')).key;
      assert.deepEqual(await call(route, others), [403, 'scope_missing'], name);
      assert.equal(services.seen.length + users.seen.length - asked(), before, name);
      // Parts have scopes of their own; all of them open the route whole.
      assert.notEqual((await call(route, aKey(scopes.join(' ')).key))[0], 403, name);
      opened += 1;
    }
    for (const path of ['/api/api-keys', '/api/auth/second-factor', '/api/auth/login'])
      assert.equal(declared.find((route) => route.path === path)?.scope, undefined);
    assert.ok(
      declared
        .filter(({ path, method }) => /^\/api\/(users|auth|api-keys)/.test(path) && method !== 'GET')
        .every(({ scope }) => scope === undefined),
    );
    process.stdout.write(`API keys: ${opened} routes open by scope, ${closed} closed\n`);
    for (const path of ['/metrics', '/registry/services'])
      assert.equal((await call({ method: 'GET', path }, all))[0], 401, 'the credentials of processes are other ones');
  });
});
