/**
 * Documented refusals are produced: for each route and status of the published document a request that is refused so, by the shop itself.
 * What is left is listed with the reason; the list may not grow without a word.
 */
import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { mapBounded, required } from '@souk/kernel';
import { startTestPlatform, type TestPlatform, until } from '@souk/platform/testing';
import { type Json, PublishedApi, type PublishedOperation } from './_published-api.ts';
import { type Callers, statusesOf, tokenFor, ways } from './_refusals.ts';
import { refusedByState } from './_refusals-by-state.ts';

const atOnce = 8;
/** Of reads: staff, who have no address of their own to be counted by, are refused a few times until the right refusal comes. */
const quota = 10;
const chaos_token = 'a token of fault injection for tests only';
const injected = [500, 502, 503, 504];

/** How a service fails, by the status that the gateway gives it. */
const outages: readonly (readonly [number, (response: ServerResponse) => void])[] = [
  [504, () => undefined],
  [502, (response) => void response.destroy()],
  [503, () => undefined],
];

/** What is documented and not produced here, and why. */
const notProduced: readonly (readonly [RegExp, string])[] = [
  [/ 500$/, 'a fault of ours, which fault injection makes on other routes only'],
  [/^openWebSocket (503|504)$/, 'only while the gateway stops, is full or has no keys'],
  [/^startImport 409$/, 'twenty imports would have to be under way at the same moment'],
  [
    /^submit(?:SignOut|Profile|Password|EndSessions|SecondFactor|Erase) 422$/,
    'forms of who is signed in by cookies, which another test sends',
  ],
  [/^resendNotification 409$/, 'the recipient is erased first, which other tests do'],
];

const serviceOf = ({ described }: PublishedOperation): string => String((described['tags'] as string[])[0]);
const pairOf = (operation_id: string, status: number): string => `${operation_id} ${status}`;
const isFaulty = ({ path, operation_id }: PublishedOperation): boolean => path.startsWith('/api/') && operation_id !== 'getStatus';

describe('documented refusals', () => {
  let souk: TestPlatform;
  let api: PublishedApi;
  let callers: Callers;
  const produced = new Set<string>();
  const failures: string[] = [];
  const note = (from: PublishedApi): void => {
    for (const pair of from.answered.keys()) produced.add(pair);
  };
  /** Tries all, so that one that fails does not hide the others. */
  const tryEach = async (
    pairs: readonly (readonly [PublishedOperation, number])[],
    way: (of: PublishedOperation, status: number) => Promise<unknown>,
    at_once = atOnce,
  ) => {
    await mapBounded(pairs, at_once, async ([operation, status]) => {
      await way(operation, status).catch((error: unknown) =>
        failures.push(`${pairOf(operation.operation_id, status)}: ${String(error).slice(0, 300)}`),
      );
    });
  };
  const pairsWith = (statuses: readonly number[]): [PublishedOperation, number][] =>
    api.operations.flatMap((operation) =>
      statusesOf(operation)
        .filter((status) => statuses.includes(status))
        .map((status): [PublishedOperation, number] => [operation, status]),
    );

  before(async () => {
    souk = await startTestPlatform({ sample: true, drills: true, env: { CHAOS_TOKEN: chaos_token, REQUEST_TIMEOUT_MS: '2000' } });
    api = await PublishedApi.read(souk.gateway_url);
    const signedIn = async (role: string): Promise<string> => {
      const { username, password } = required(
        souk.accounts.find((account) => account.role === role),
        role,
      );
      const { body } = await api.call('login', { body: () => ({ login: username, password }) });
      return String((body as Json)['access_token']);
    };
    const admin_password = required(
      souk.accounts.find(({ role }) => role === 'admin'),
      'admin',
    ).password;
    const [customer, staff, admin] = [await signedIn('customer'), await signedIn('staff'), await signedIn('admin')];
    const aKey = async (scope: string) => {
      const { body } = await api.call('createApiKey', { token: admin, body: () => ({ name: scope, scopes: [scope] }) });
      return { key: String((body as Json)['key']), scope };
    };
    callers = { customer, staff, admin, admin_password, keys: [await aKey('notifications:write'), await aKey('products:write')] };
  });
  after(() => souk?.stop());

  it('by what is sent are refused so by every route', { timeout: 300_000 }, async () => {
    await tryEach(pairsWith(Object.keys(ways).map(Number)), async (operation, status) => ways[status]?.(api, operation, callers));
    note(api);
  });

  it('by what there is already are refused by the routes that change it', () => refusedByState(api, callers).then(() => note(api)));

  it('by faults of the gateway or a service are those of fault injection', async () => {
    const chaosAt = `${souk.gateway_url}/chaos`;
    const headers = { authorization: `Bearer ${chaos_token}`, 'content-type': 'application/json' };
    for (const error_status of injected) {
      const switched = await fetch(chaosAt, { method: 'PUT', headers, body: JSON.stringify({ error_share: 1, error_status }) });
      assert.equal(switched.status, 200, await switched.text());
      await tryEach(
        pairsWith([error_status]).filter(([operation]) => isFaulty(operation)),
        (operation, status) => api.call(operation.operation_id, { token: tokenFor(operation, callers), status }),
      );
    }
    assert.equal((await fetch(chaosAt, { method: 'DELETE', headers })).status, 204);
    note(api);
  });

  it('by a limit, and by a service that hangs, breaks off or is away', { timeout: 300_000 }, async (t) => {
    const standIn = await aStandIn();
    const others = [...new Set(api.operations.filter((operation) => !isFaulty(operation)).map(serviceOf))].filter(
      (name) => name !== 'gateway',
    );
    const limited = await startTestPlatform({
      env: {
        ...{
          RATE_LIMIT: 'on',
          RATE_LIMIT_READ_MAX: String(quota),
          RATE_LIMIT_ASSET_MAX: String(quota),
          RATE_LIMIT_WRITE_MAX: '1',
          RATE_LIMIT_AUTH_MAX: '1',
          TRUSTED_PROXIES: '127.0.0.0/8',
        },
        ...{ STATIC_SERVICES: others.map((name) => `${name}=${standIn.url}`).join(';'), STATIC_SERVICES_PROOF: 'none' },
        ...{ ROUTE_TIMEOUT_MS: '300', BREAKER_OPEN_MS: '10', HEALTH_INTERVAL_MS: '100' },
      },
    });
    t.after(async () => {
      await limited.stop();
      await standIn.close();
    });
    const there = new PublishedApi(limited.gateway_url, (await (await fetch(`${souk.gateway_url}/openapi.json`)).json()) as Json);
    let addresses = 0;
    /** Each comes from an address of its own, which nothing has been counted for. */
    const anAddress = (): Record<string, string> => {
      addresses += 1;
      return { 'sec-fetch-site': 'same-origin', 'x-forwarded-for': `10.${addresses >> 16}.${(addresses >> 8) & 255}.${addresses & 255}` };
    };
    const { username, password } = required(
      limited.accounts.find(({ role }) => role === 'staff'),
      'staff',
    );
    const staffToken = async (): Promise<string> => {
      const { body } = await there.call('login', { headers: anAddress(), body: () => ({ login: username, password }) });
      return String((body as Json)['access_token']);
    };
    const token = await staffToken();
    await tryEach(pairsWith([429]), ({ operation_id, method }, status) => {
      const headers = anAddress();
      const address = `${limited.gateway_url}${there.addressOf(operation_id)}`;
      // All at once, and again: on a busy machine a part of the quota is there again before the last of them was counted.
      return until(async () => {
        const requests = method === 'GET' ? quota : 2;
        await Promise.all(Array.from({ length: requests }, async () => (await fetch(address, { method, headers })).body?.cancel()));
        return there.call(operation_id, { headers, status }).then(() => undefined, String);
      });
    });
    for (const name of others) await limited.stopService(name as 'web');
    standIn.begin();
    for (const [status, react] of outages) {
      standIn.react = react;
      if (status === 503) await standIn.close();
      const pairs = pairsWith([status]).filter(([operation]) => !isFaulty(operation) && others.includes(serviceOf(operation)));
      await tryEach(
        pairs,
        ({ operation_id, described }) => {
          const isOpen = described['x-souk-access'] === 'public';
          // The gateway leaves a service alone for a moment that has failed too often, and asks again.
          return until(() =>
            there.call(operation_id, { headers: anAddress(), token: isOpen ? undefined : token, status }).then(
              () => undefined,
              (error: unknown) => String(error),
            ),
          );
          // It is asked by one request at a time.
        },
        1,
      );
    }
    note(there);
  });

  it('are produced, but for those of which it is said why not', () => {
    const documented = api.operations.flatMap((operation) => statusesOf(operation).map((status) => pairOf(operation.operation_id, status)));
    const left = documented.filter((pair) => !produced.has(pair));
    const produced_count = documented.length - left.length;
    process.stdout.write(
      `refusals: ${documented.length} documented pairs of route and status, ${produced_count} produced, ${left.length} not:\n`,
    );
    const groups = Map.groupBy(left, (pair) => notProduced.find(([form]) => form.test(pair))?.[1]);
    for (const [reason, pairs] of groups) process.stdout.write(`refusals: ${reason ?? 'for no reason'}: ${pairs.join(', ')}\n`);
    assert.deepEqual(failures, []);
    assert.deepEqual(groups.get(undefined) ?? [], []);
    assert.deepEqual(
      notProduced.filter(([form]) => !left.some((pair) => form.test(pair))).map(([, reason]) => reason),
      [],
    );
  });
});

interface StandIn {
  url: string;
  react: (response: ServerResponse) => void;
  /** From now on it is well. */
  begin(): void;
  close(): Promise<void>;
}

/** What the gateway takes for an instance of a service. */
async function aStandIn(): Promise<StandIn> {
  let isWell = false;
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/health')) response.writeHead(isWell ? 200 : 503).end('{}');
    else standIn.react(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const standIn: StandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    react: () => undefined,
    begin() {
      isWell = true;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return standIn;
}
