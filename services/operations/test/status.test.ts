import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, describe, it } from 'node:test';
import { type PlatformStatus, serviceNames } from '@souk/contracts';
import type { RunnableService } from '@souk/service-kit';
import type { OperationsContext } from '../src/index.ts';
import { answersOf, instanceStatusOf, keys, sendJson, startPlatform, type TestPlatform, until } from './_support.ts';

let platform: TestPlatform;

async function statusOf(service: RunnableService<OperationsContext>): Promise<PlatformStatus> {
  const answer = await platform.get(service, '/api/status', 'staff');
  assert.equal(answer.status, 200);
  return (await answer.json()) as PlatformStatus;
}

describe('the status of the platform', () => {
  afterEach(() => platform.stop());

  it('is for staff, and asks each instance once however many want it', async () => {
    platform = await startPlatform();
    const operations = await platform.startOperations();
    const refused = [await platform.get(operations, '/api/status'), await platform.get(operations, '/api/status', 'customer')];
    assert.deepEqual(
      refused.map(({ status }) => status),
      [401, 403],
    );
    const answers = await Promise.all(Array.from({ length: 30 }, () => statusOf(operations)));
    assert.equal(new Set(answers.map(({ now }) => now)).size, 1);
    for (const [name, { seen }] of platform.services)
      assert.deepEqual(
        seen.map(({ url, authorization }) => [url, authorization]),
        [['/internal/status', `Bearer ${keys.internalToken(name)}`]],
        name,
      );
    const [status] = answers;
    assert.deepEqual(
      status?.services.map(({ name, status: word }) => [name, word]),
      serviceNames.map((name) => [name, 'healthy']),
    );
    assert.deepEqual([status?.missing, status?.world, status?.status], [[], 'embedded', 'degraded'], 'these services have no consumers');
    assert.equal(status?.services.find(({ name }) => name === 'orders')?.instances[0]?.address, platform.services.get('orders')?.url);
    assert.equal(status?.services.find(({ name }) => name === 'operations')?.instances[0]?.address, operations.url);
  });

  it('names which instance is silent or of another version, and goes on with the others', async () => {
    platform = await startPlatform();
    const operations = await platform.startOperations();
    const silent = await platform.startPeer((_seen, response) => void response.on('close', () => undefined));
    const strange = await platform.startPeer((_seen, response) => sendJson(response, 200, { service: 'orders', requests: 'many' }));
    const older = await platform.startPeer((_seen, response) => sendJson(response, 404, {}));
    const failing = await platform.startPeer((_seen, response) => sendJson(response, 500, {}));
    for (const [name, peer] of Object.entries({ silent, strange, older, failing }))
      platform.registry.list('orders', peer, `orders-${name}`);
    const gone = await platform.startPeer(() => undefined);
    platform.registry.list('orders', gone, 'orders-gone', { healthy: false, last_error: 'status 503' });
    await gone.close();
    const { services, missing, incidents, status } = await statusOf(operations);
    assert.deepEqual(missing.map(({ instance_id, reason }) => [instance_id, reason]).sort(), [
      ['orders-failing', 'orders answered 500'],
      ['orders-gone', `${gone.url} takes no connection`],
      ['orders-older', 'it answers 404 when asked for its status'],
      ['orders-silent', `${silent.url} does not answer in time`],
      ['orders-strange', 'its status is of another version'],
    ]);
    assert.equal(services.find(({ name }) => name === 'orders')?.status, 'degraded');
    assert.deepEqual([status, incidents.filter(({ id }) => id.startsWith('instance ')).length], ['degraded', 5]);
  });

  it('sends no credentials to a program that does not prove to be of the installation', async () => {
    platform = await startPlatform();
    const operations = await platform.startOperations();
    const stranger = await platform.startPeer(answersOf('orders'));
    platform.registry.list('orders', stranger, 'orders-2');
    // The peer proves itself for whichever service it is asked to be; as the gateway it is asked at the wrong address.
    const imposter = await import('node:http').then(({ createServer }) => {
      const seen: (string | undefined)[] = [];
      const server = createServer((request, response) => {
        seen.push(request.headers.authorization);
        sendJson(response, 200, {});
      });
      return new Promise<{ port: number; seen: typeof seen; close(): void }>((resolve) =>
        server.listen(0, '127.0.0.1', () =>
          resolve({ port: (server.address() as { port: number }).port, seen, close: () => server.close() }),
        ),
      );
    });
    platform.registry.list('orders', imposter, 'orders-imposter');
    const { missing } = await statusOf(operations);
    imposter.close();
    assert.match(missing.find(({ instance_id }) => instance_id === 'orders-imposter')?.reason ?? '', /does not prove that it is orders/);
    assert.deepEqual(imposter.seen, [undefined]);
  });

  it('has rates from two readings, and says since when an incident lasts', async () => {
    platform = await startPlatform();
    const operations = await platform.startOperations();
    const first = await statusOf(operations);
    assert.equal(first.services.find(({ name }) => name === 'users')?.requests, null);
    await platform.services.get('payments')?.close();
    let status = first;
    await until(async () => {
      status = await statusOf(operations);
      return status.now !== first.now;
    }, 'another observation');
    assert.deepEqual(status.services.find(({ name }) => name === 'users')?.requests, {
      per_second: 0,
      errors_per_second: 0,
      error_share: 0,
      p50_ms: null,
      p95_ms: null,
    });
    const incident = status.incidents.find(({ id }) => id === 'service payments');
    assert.deepEqual([incident?.title, incident?.since, incident?.since_at_least], ['payments does not answer', status.now, false]);
  });

  it('goes on from the last list of instances while the gateway is away, and says that it is', async () => {
    platform = await startPlatform();
    const operations = await platform.startOperations();
    await statusOf(operations);
    await platform.gateway.close();
    let status: PlatformStatus | undefined;
    await until(async () => {
      status = await statusOf(operations);
      return status.incidents.some(({ id }) => id === 'service gateway');
    }, 'the gateway is missed');
    assert.deepEqual(
      status?.services.filter(({ status: word }) => word !== 'healthy').map(({ name }) => name),
      ['gateway'],
    );
  });

  it('observes while nobody asks', async () => {
    platform = await startPlatform();
    await platform.startOperations({ status_interval_ms: 100 });
    await until(() => (platform.services.get('orders')?.seen.length ?? 0) > 0, 'an observation without a request');
  });
});

describe('several operations instances', () => {
  afterEach(() => platform.stop());

  it('have one leader, the one registered first, which observes and audits for all', async () => {
    platform = await startPlatform();
    const settings = { audit_interval_ms: 600_000, status_interval_ms: 50, audit_grace_ms: 0 };
    const first = await platform.startOperations({ ...settings, instance_id: 'operations-b' });
    platform.registry.list('operations', first, 'operations-b', { registered_at: '2026-01-01T00:00:00.000Z' });
    const second = await platform.startOperations({ ...settings, instance_id: 'operations-a' });
    platform.registry.list('operations', second, 'operations-a', { registered_at: '2026-01-01T00:00:01.000Z' });
    const statuses = await Promise.all([statusOf(first), statusOf(second)]);
    assert.deepEqual(
      statuses.map(({ reported_by }) => reported_by.instance_id),
      ['operations-b', 'operations-b'],
    );
    assert.equal(statuses[0]?.services.find(({ name }) => name === 'operations')?.instances.length, 2);
    await platform.get(second, '/api/audit?run=now', 'staff');
    const runs = async (service: typeof first) =>
      /souk_audit_runs_total\{[^}]*outcome="balanced"[^}]*\} (\d+)/.exec((await service.context.metrics.read()).text)?.[1];
    assert.equal(await runs(second), '0');
    assert.notEqual(await runs(first), '0');
    // The leader is gone, before the registry knows.
    await first.stop();
    assert.equal((await statusOf(second)).reported_by.instance_id, 'operations-a');
  });
});

describe('the page', () => {
  afterEach(() => platform.stop());

  it('is public, needs no other service, and runs nothing but its own script', async () => {
    platform = await startPlatform();
    const operations = await platform.startOperations();
    const answer = await platform.get(operations, '/status');
    const text = await answer.text();
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'text/html; charset=utf-8']);
    const policy = answer.headers.get('content-security-policy') ?? '';
    assert.match(policy, /^default-src 'none'; /);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    for (const tag of ['script', 'style']) {
      const found = [...text.matchAll(new RegExp(`<${tag}[^>]*>([^]*?)</${tag}>`, 'g'))].map(([, content = '']) => content);
      assert.equal(found.length, 1, tag);
      const digest = createHash('sha256')
        .update(found[0] ?? '')
        .digest('base64');
      assert.ok(policy.includes(`${tag}-src 'sha256-${digest}'`), `the ${tag} is allowed by its digest`);
    }
    assert.doesNotMatch(text, /\bsrc=|href="(?!#|data:)|@import|url\(/, 'nothing is fetched');
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(answer.headers.get('cache-control'), 'no-store');
  });
});

describe('signing in on the port of operations', () => {
  afterEach(() => platform.stop());

  it('asks users, with the address of the client, and passes its refusals on', async () => {
    const pair = { access_token: 'a', refresh_token: 'r', token_type: 'Bearer', expires_in: 600 };
    const problem =
      (status: number, code: string, headers = {}) =>
      (response: Parameters<typeof sendJson>[0]) =>
        sendJson(
          response,
          status,
          { type: `/problems/${code}`, title: code, status, code, detail: `It is ${code}.`, instance: '/', correlation_id: 'c' },
          headers,
        );
    platform = await startPlatform((service) => (seen, response) => {
      if (service !== 'users') return sendJson(response, 200, instanceStatusOf(service, `${service}-1`));
      const { password, code } = JSON.parse(seen.body) as { password: string; code?: string };
      if (password === 'often') return problem(429, 'login_throttled', { 'retry-after': '30' })(response);
      if (code === undefined) return problem(401, 'second_factor_required')(response);
      return sendJson(response, 200, pair);
    });
    const operations = await platform.startOperations();
    const signIn = (body: object): Promise<Response> =>
      fetch(`${operations.url}/api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const without = await signIn({ login: 'ada', password: 'a good one' });
    assert.deepEqual([without.status, ((await without.json()) as { code: string }).code], [401, 'second_factor_required']);
    const answer = await signIn({ login: 'ada', password: 'a good one', code: '123456' });
    assert.deepEqual([answer.status, await answer.json()], [200, pair]);
    const often = await signIn({ login: 'ada', password: 'often' });
    assert.deepEqual([often.status, often.headers.get('retry-after')], [429, '30']);
    const [seen] = platform.services.get('users')?.seen ?? [];
    assert.deepEqual(
      [seen?.headers['x-forwarded-for'], seen?.headers['x-souk-gateway'], seen?.authorization],
      ['127.0.0.1', keys.gatewayToken('users'), undefined],
    );
    assert.equal((await signIn({ login: 'ada' })).status, 400);
  });
});
