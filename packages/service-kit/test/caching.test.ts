import assert from 'node:assert/strict';
import { METHODS, request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { type RouteDeclaration, routes } from '@souk/contracts';
import { type Log, silentLog, systemClock, systemIds } from '@souk/kernel';
import { createServiceMetrics, silentSecurityLog } from '@souk/telemetry';
import { silentTracer } from '@souk/telemetry/tracing';
import { answer, createHttpEdge, createVerifier, type HttpEdge, memoryKeyStore, serve } from '../src/index.ts';
import { createTestKeys, type TestKeys } from '../src/testing/test-keys.ts';

const uncached = 'private, no-store';
const internalToken = 'internal-token-of-the-caching-tests-0123456789';
const [ada, ben] = ['0190a0b0-0000-7000-8000-00000000000a', '0190a0b0-0000-7000-8000-00000000000b'];

/** Every declared route, answered without a thought for caches; what checks bodies and addresses and writes answers is left out. */
describe('an answer of a service', () => {
  let edge: HttpEdge;
  let url: string;
  let keys: TestKeys;
  const faults: unknown[] = [];
  const declared = (routes as readonly RouteDeclaration[]).map(({ method, path, service, access, limit, summary }) => ({
    ...{ method, path, service, access, limit, summary, responses: {} },
  }));

  before(async () => {
    keys = await createTestKeys();
    const verifier = createVerifier({ fetchKeys: async () => keys.key_set, store: memoryKeyStore(), clock: systemClock, log: silentLog });
    await verifier.refresh();
    const log: Log = { ...silentLog, error: (fields: object) => void faults.push(fields) };
    edge = createHttpEdge({
      context: {},
      routes: declared.map((route) =>
        serve(route as RouteDeclaration, async (_context, { caller }) =>
          answer(200, { id: caller?.user_id ?? 'nobody' } as never, { etag: 1, headers: { 'cache-control': 'public, max-age=60' } }),
        ),
      ),
      ...{ host: '127.0.0.1', port: 0, internal_token: internalToken, gateway_token: internalToken },
      ...{
        verifier,
        ids: systemIds,
        log,
        metrics: createServiceMetrics('orders'),
        tracer: silentTracer,
        security: silentSecurityLog,
        log_requests: false,
      },
    });
    url = `http://127.0.0.1:${await edge.listen()}`;
  });
  after(() => edge.close(0));

  const ask = async (method: string, path: string, headers: Record<string, string> = {}): Promise<Response> => {
    const response = await fetch(url + path.replaceAll(/\{[a-z_]+\}/g, ada), { method, headers });
    await response.arrayBuffer();
    return response;
  };

  it('is kept by no cache unless the route is public and nobody signed in asked; neither is a refusal', async () => {
    const token = `Bearer ${await keys.tokenFor({ role: 'admin' })}`;
    for (const { method, path, access } of declared) {
      if (access === 'chaos') continue;
      const said = await ask(method, path, { authorization: access === 'internal' ? `Bearer ${internalToken}` : token });
      assert.deepEqual([said.status, said.headers.get('cache-control')], [200, uncached], `${method} ${path}`);
      const anonymous = await ask(method, path);
      const expected = access === 'public' && method === 'GET' ? [200, 'public, max-age=60'] : [access === 'public' ? 200 : 401, uncached];
      assert.deepEqual([anonymous.status, anonymous.headers.get('cache-control')], expected, `${method} ${path}`);
    }
    assert.equal((await ask('GET', '/nothing')).headers.get('cache-control'), uncached);
  });

  it('has a tag that names the resource: what one user knows is no 304 for another', async () => {
    const as = async (user_id: string): Promise<string> => `Bearer ${await keys.tokenFor({ user_id })}`;
    const [of_ada, of_ben] = [await as(ada), await as(ben)];
    const tag = (await ask('GET', '/api/users/me', { authorization: of_ada })).headers.get('etag') ?? '';
    assert.equal((await ask('GET', '/api/users/me', { authorization: of_ada, 'if-none-match': tag })).status, 304);
    assert.equal((await ask('GET', '/api/users/me', { authorization: of_ben, 'if-none-match': tag })).status, 200);
    // The same resource at its own address has the same tag.
    assert.equal((await ask('GET', '/api/users/{user_id}', { authorization: of_ada })).headers.get('etag'), tag);
    assert.notEqual((await ask('GET', '/api/orders/{order_id}', { authorization: of_ada })).headers.get('etag'), tag);
    for (const weak of [`W/${tag}`, `"0", ${tag}`, '*'])
      assert.equal((await ask('GET', '/api/users/me', { authorization: of_ada, 'if-none-match': weak })).status, 304, weak);
  });

  it('to a method that is not taken, or not known, is a refusal and no fault', async () => {
    const { port } = new URL(url);
    const statusOf = (method: string, path: string, headers: Record<string, string>, body: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const asked = request({ port, method, path, headers, agent: false }, (response) => resolve(response.resume().statusCode));
        asked.on('connect', (response, socket) => {
          socket.destroy();
          resolve(response.statusCode);
        });
        asked.on('error', reject).end(body);
      });
    const lengths = [{ 'content-length': '0' }, { 'content-length': '1' }, { 'transfer-encoding': 'chunked' }];
    const types = [
      {},
      { 'content-type': '' },
      { 'content-type': 'application/json' },
      { 'content-type': 'odd' },
      { 'content-type': 'a/b; c' },
    ];
    for (const method of METHODS) {
      for (const path of ['/nothing', '/api/users/me', '/api/users/%zz', '/%', '*', `/api/users/${'a'.repeat(2_000)}`]) {
        if ((method === 'GET' || method === 'OPTIONS') && path === '/api/users/me') continue;
        for (const length of lengths) {
          for (const type of types) {
            const body = length['content-length'] === '0' ? '' : 'x';
            const status = (await statusOf(method, path, { ...length, ...type }, body)) ?? 0;
            assert.ok(status >= 400 && status < 500, `${method} ${path} ${JSON.stringify({ ...length, ...type })}: ${status}`);
          }
        }
        const bare = (await statusOf(method, path, {}, '')) ?? 0;
        assert.ok(bare >= 400 && bare < 500, `${method} ${path}: ${bare}`);
      }
    }
    assert.deepEqual(faults, []);
  });
});
