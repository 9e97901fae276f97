import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ChaosState, Problem } from '@souk/contracts';
import { type Log, silentLog } from '@souk/kernel';
import { until } from '@souk/messaging/testing';
import { type HealthReport, PlatformConfig, type Service } from '../src/index.ts';
import { type TestService, testConfig, testService } from '../src/testing.ts';
import { buildGifts } from './gift-shop.ts';

const token = 'tkn-for-drills-7261';
let shop: TestService<Service>;
const lines: { message: string; fields: object }[] = [];
const log: Log = { ...silentLog, warn: (fields, message) => void lines.push({ message, fields }), child: () => log };

before(async () => {
  shop = await testService(buildGifts, { name: 'orders', schema: PlatformConfig, config: { chaos_token: token }, overrides: { log } });
});
after(() => shop.stop());

interface Answered<Body> {
  status: number;
  headers: Headers;
  body: Body;
  ms: number;
}

async function ask<Body = unknown>(path: string, init: RequestInit = {}): Promise<Answered<Body>> {
  const started = performance.now();
  const response = await fetch(shop.url + path, init);
  const text = await response.text();
  const body = (text === '' || !text.startsWith('{') ? text : JSON.parse(text)) as Body;
  return { status: response.status, headers: response.headers, body, ms: performance.now() - started };
}

function switchChaos<Body = ChaosState>(method: 'GET' | 'PUT' | 'DELETE', spec?: object, shown = token): Promise<Answered<Body>> {
  const headers = { authorization: `Bearer ${shown}`, ...(spec && { 'content-type': 'application/json' }) };
  return ask<Body>('/chaos', { method, headers, ...(spec && { body: JSON.stringify(spec) }) });
}

const post = async (of: TestService<Service>): Promise<RequestInit> => ({
  method: 'POST',
  headers: { authorization: `Bearer ${await of.tokenFor()}`, 'content-type': 'application/json' },
  body: '{"amount":1}',
});
const gifts = async () => ask<Problem>('/api/people/ann/gifts', await post(shop));

describe('chaos switches', () => {
  it('are not there at all without a token: the address is as unknown as any other', async () => {
    const quiet = await testService(buildGifts, { name: 'orders', schema: PlatformConfig });
    try {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const answer = await fetch(`${quiet.url}/chaos`, { method, headers: { authorization: `Bearer ${token}` } });
        const unknown = await fetch(`${quiet.url}/nothing-here`, { method });
        assert.deepEqual([answer.status, unknown.status], [404, 404]);
        const [one, other] = [(await answer.json()) as Problem, (await unknown.json()) as Problem];
        assert.deepEqual([one.code, one.detail, one.title], [other.code, other.detail, other.title]);
      }
      assert.doesNotMatch(await (await fetch(`${quiet.url}/metrics`)).text(), /^souk_chaos\w*\{.*[1-9]\d*$/m);
    } finally {
      await quiet.stop();
    }
  });

  it('need a token that is long and not well known', () => {
    const with_token = (chaos_token: string) =>
      testConfig<PlatformConfig>('orders', PlatformConfig, { database_url: 'postgres://x/y', chaos_token });
    assert.throws(() => with_token('short'), /CHAOS_TOKEN/);
    assert.throws(() => with_token('change-me-please-now'), /CHAOS_TOKEN is a well-known/);
    assert.throws(() => with_token('aaaaaaaaaaaaaaaaaaaa'), /CHAOS_TOKEN is a well-known/);
    assert.equal(with_token(token).chaos_token, token);
    assert.equal(with_token('').chaos_token, undefined);
  });

  it('listen only to whoever shows the token', async () => {
    assert.equal((await ask<Problem>('/chaos')).body.code, 'token_missing');
    assert.deepEqual(
      [
        (await switchChaos('GET', undefined, 'tkn-for-drills-7262')).status,
        (await switchChaos('GET', undefined, shop.internal_token)).status,
      ],
      [401, 401],
    );
    assert.equal((await switchChaos('PUT', { unhealthy: true }, await shop.tokenFor({ role: 'admin' }))).status, 403);
    assert.deepEqual((await switchChaos('GET')).body.active, []);
  });

  it('refuse what is out of bounds, unknown, or would do nothing', async () => {
    const wrong: [object, string][] = [
      [{ latency_ms: 30_001 }, '/latency_ms'],
      [{ latency_ms: 0 }, '/latency_ms'],
      [{ latency_ms: 1.5 }, '/latency_ms'],
      [{ latency_ms: 5, latency_share: 1.1 }, '/latency_share'],
      [{ latency_share: 0.5, unhealthy: true }, '/latency_share'],
      [{ error_share: 0 }, '/error_share'],
      [{ error_share: 1, error_status: 200 }, '/error_status'],
      [{ error_status: 502, unhealthy: true }, '/error_status'],
      [{ unhealthy: false }, '/unhealthy'],
      [{ unhealthy: true, duration_s: 0 }, '/duration_s'],
      [{ unhealthy: true, duration_s: 3_601 }, '/duration_s'],
      [{ unhealthy: true, latencyMs: 4 }, '/latencyMs'],
      [{}, ''],
      [{ duration_s: 5 }, ''],
    ];
    for (const [spec, pointer] of wrong) {
      const { status, body } = await switchChaos<Problem>('PUT', spec);
      assert.equal(status, 400, JSON.stringify(spec));
      assert.ok(
        body.errors?.some((error) => error.pointer === pointer),
        `${JSON.stringify(spec)}: ${JSON.stringify(body.errors)}`,
      );
    }
    assert.deepEqual((await switchChaos('GET')).body.active, []);
  });

  it('hold requests to the API back, and nothing else', async () => {
    const on = await switchChaos('PUT', { latency_ms: 300, duration_s: 60 });
    assert.deepEqual([on.status, on.body.active, on.body.latency_ms, on.body.latency_share], [200, ['latency'], 300, 1]);
    assert.equal(Date.parse(on.body.until ?? '') - Date.parse(on.body.since ?? ''), 60_000);
    const held = await gifts();
    assert.equal(held.status, 201);
    assert.ok(held.ms >= 295, `${held.ms} ms`);
    const heldBack = async () =>
      /souk_chaos_injected_total\{[^}]*kind="latency"[^}]*\} (\d+)/.exec((await ask<string>('/metrics')).body)?.[1];
    await Promise.all(['/health', '/health/live', '/health/ready', '/chaos', '/internal/audit/records'].map((path) => ask(path)));
    assert.equal(await heldBack(), '1', 'nothing but the one request to the API');
    assert.equal((await switchChaos('DELETE')).status, 204);
    await gifts();
    assert.equal(await heldBack(), '1');
  });

  it('refuse requests to the API with the wished status, after the token was looked at', async () => {
    for (const error_status of [500, 502, 503, 504]) {
      await switchChaos('PUT', { error_share: 1, error_status });
      const { status, headers, body } = await gifts();
      assert.deepEqual([status, body.status, body.code], [error_status, error_status, 'chaos_injected']);
      assert.match(headers.get('content-type') ?? '', /problem\+json/);
      assert.equal(headers.get('retry-after'), error_status === 503 ? '1' : null);
    }
    assert.equal((await ask('/api/people/ann/gifts', { method: 'POST' })).status, 401);
    await switchChaos('PUT', { error_share: 0.5 });
    const statuses = await Promise.all(Array.from({ length: 60 }, async () => (await gifts()).status));
    assert.deepEqual([...new Set(statuses)].sort(), [201, 500], 'a share is a share');
    await switchChaos('DELETE');
  });

  it('make the service call itself unhealthy, while it serves', async () => {
    await switchChaos('PUT', { unhealthy: true });
    for (const path of ['/health', '/health/ready']) {
      const { status, body } = await ask<HealthReport>(path);
      assert.deepEqual([status, body.status, body.checks['chaos']?.status], [503, 'unhealthy', 'unhealthy']);
    }
    assert.deepEqual([(await ask('/health/live')).status, (await gifts()).status], [200, 201]);
    await switchChaos('DELETE');
    assert.equal((await ask('/health/ready')).status, 200);
  });

  it('end by themselves; what they did is in the metrics and in the log, one line for each turn', async () => {
    lines.length = 0;
    await switchChaos('PUT', { unhealthy: true, latency_ms: 1, error_share: 1, duration_s: 1 });
    await gifts();
    const active = (text: string, kind: string) => new RegExp(`souk_chaos_active\\{[^}]*kind="${kind}"[^}]*\\} (\\d)`).exec(text)?.[1];
    const during = (await ask<string>('/metrics')).body;
    for (const kind of ['latency', 'errors', 'unhealthy']) assert.equal(active(during, kind), '1', kind);
    await until(async () => ((await switchChaos('GET')).body.active.length === 0 ? undefined : 'still on'));
    assert.deepEqual([(await gifts()).status, (await ask('/health/ready')).status], [201, 200]);
    const afterwards = (await ask<string>('/metrics')).body;
    for (const kind of ['latency', 'errors', 'unhealthy']) assert.equal(active(afterwards, kind), '0', kind);
    for (const kind of ['latency', 'errors', 'unhealthy'])
      assert.match(afterwards, new RegExp(`souk_chaos_injected_total\\{[^}]*kind="${kind}"[^}]*\\} [1-9]`));
    assert.deepEqual(
      lines.map(({ message }) => message),
      ['chaos is switched on', 'chaos has ended by itself'],
    );
    assert.equal(JSON.stringify(lines).includes(token), false);
  });

  it('do not hold a stop up', async () => {
    const other = await testService(buildGifts, { name: 'orders', schema: PlatformConfig, config: { chaos_token: token } });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    await fetch(`${other.url}/chaos`, { method: 'PUT', headers, body: JSON.stringify({ latency_ms: 30_000 }) });
    const held = fetch(`${other.url}/api/people/ann/gifts`, await post(other));
    const injected = async () =>
      /souk_chaos_injected_total\{[^}]*kind="latency"[^}]*\} [1-9]/.test(await (await fetch(`${other.url}/metrics`)).text());
    await until(async () => ((await injected()) ? undefined : 'not held yet'));
    const started = performance.now();
    await other.stop();
    assert.equal((await held).status, 201);
    assert.ok(performance.now() - started < 4_000);
  });
});
