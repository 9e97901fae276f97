import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { afterEach, describe, it } from 'node:test';
import { type InstanceFigures, type PlatformStatus, serviceNames } from '@souk/contracts';
import { memoryRegistry } from '@souk/discovery';
import { systemClock } from '@souk/kernel';
import { aGateway, anUpstream, sendJson, type TestGateway, type Upstream, until } from './_support.ts';

const keepers = serviceNames.filter((name) => name !== 'gateway');

function figuresOf(service: string, instance_id: string): InstanceFigures {
  return {
    service,
    instance_id,
    code_version: '1',
    started_at: '2026-01-01T00:00:00.000Z',
    now: new Date().toISOString(),
    status: 'healthy',
    checks: { database: { status: 'healthy' } },
    requests: { requests: 10, errors: 0, buckets: [{ le: 1, count: 10 }] },
    broker: { kind: 'embedded', connected: true },
    redis: null,
    chaos: null,
    outbox: { backlog: 0, oldest_age_s: 0 },
    database: { busy: 0, idle: 1, waiting: 0 },
    queues: [],
    dead_letters: [],
    missing: [],
  };
}

describe('the status of the platform', () => {
  const gateways: TestGateway[] = [];
  const upstreams: Upstream[] = [];
  const open = async (...[config, overrides]: Parameters<typeof aGateway>): Promise<TestGateway> => {
    const gateway = await aGateway(config, overrides);
    gateways.push(gateway);
    return gateway;
  };
  const instance = async (react: Parameters<typeof anUpstream>[0]): Promise<Upstream> => {
    const upstream = await anUpstream(react);
    upstreams.push(upstream);
    return upstream;
  };
  /** One instance of each service, which tells its figures. */
  const furnish = async (gateway: TestGateway): Promise<Map<string, Upstream>> => {
    const all = new Map<string, Upstream>();
    for (const name of keepers) {
      const upstream = await instance((_request, response) => sendJson(response, 200, figuresOf(name, `${name}-1`)));
      await gateway.register(name, upstream, `${name}-1`);
      all.set(name, upstream);
    }
    return all;
  };
  const ask = async (gateway: TestGateway, role?: 'staff' | 'customer'): Promise<Response> =>
    fetch(`${gateway.url}/api/status`, role ? { headers: { authorization: `Bearer ${await gateway.keys.tokenFor({ role })}` } } : {});
  const statusOf = async (gateway: TestGateway): Promise<PlatformStatus> => {
    const answer = await ask(gateway, 'staff');
    assert.equal(answer.status, 200);
    return (await answer.json()) as PlatformStatus;
  };
  afterEach(async () => {
    await Promise.all(gateways.splice(0).map((gateway) => gateway.stop()));
    await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
  });

  it('is for staff, and asks each instance once however many look', async () => {
    const gateway = await open();
    const services = await furnish(gateway);
    assert.deepEqual([(await ask(gateway)).status, (await ask(gateway, 'customer')).status], [401, 403]);
    const told = await Promise.all(Array.from({ length: 30 }, () => statusOf(gateway)));
    assert.equal(new Set(told.map(({ now }) => now)).size, 1);
    for (const [name, { seen }] of services) {
      assert.deepEqual(
        seen.map(({ url, headers }) => [url, headers.authorization]),
        [['/internal/figures', `Bearer ${gateway.internal_token}`]],
        name,
      );
    }
    const [status] = told;
    assert.deepEqual(
      status?.services.map(({ status: word }) => word),
      Array(7).fill('healthy'),
    );
    assert.deepEqual([status?.missing, status?.world], [[], 'embedded']);
    assert.equal(status?.services.find(({ name }) => name === 'orders')?.instances[0]?.address, services.get('orders')?.url);
  });

  it('names who is silent, late, or of another version, and goes on with the others', async () => {
    const gateway = await open();
    await furnish(gateway);
    const silent = await instance((_request, response) => void response.on('close', () => undefined));
    const strange = await instance((_request, response) => sendJson(response, 200, { service: 'orders', requests: 'many' }));
    const older = await instance((_request, response) => sendJson(response, 404, {}));
    await gateway.register('orders', silent, 'orders-silent');
    await gateway.register('orders', strange, 'orders-strange');
    await gateway.register('orders', older, 'orders-older');
    const { services, missing, troubles, status } = await statusOf(gateway);
    assert.deepEqual(missing.map(({ instance_id, reason }) => [instance_id, reason]).sort(), [
      ['orders-older', 'it answers 404 when asked for its figures'],
      ['orders-silent', `${silent.url} does not answer in time`],
      ['orders-strange', 'its figures are of another version'],
    ]);
    assert.equal(services.find(({ name }) => name === 'orders')?.status, 'degraded');
    assert.deepEqual([status, troubles.filter(({ id }) => id.startsWith('instance ')).length], ['degraded', 3]);
  });

  it('makes rates of two readings, and remembers since when something is wrong', async () => {
    const gateway = await open();
    const services = await furnish(gateway);
    const first = await statusOf(gateway);
    assert.equal(first.services.find(({ name }) => name === 'users')?.requests, null);
    await services.get('payments')?.close();
    let status = first;
    const next = async (): Promise<boolean> => {
      status = await statusOf(gateway);
      return status.now !== first.now;
    };
    await until(next, 'it is asked again');
    assert.deepEqual(status.services.find(({ name }) => name === 'users')?.requests, {
      per_second: 0,
      errors_per_second: 0,
      error_share: 0,
      p50_ms: null,
      p95_ms: null,
    });
    const trouble = status.troubles.find(({ id }) => id === 'service payments');
    assert.deepEqual([trouble?.title, trouble?.since, trouble?.since_at_least], ['payments does not answer', status.now, false]);
  });

  it('holds every gateway that shares the registry', async () => {
    const registry = memoryRegistry({ clock: systemClock, lease_ms: 5_000 });
    const internal_token = randomBytes(32).toString('hex');
    const one = await open({ internal_token }, { registry });
    const two = await open({ internal_token }, { registry });
    await until(() => one.gateway.context.instances.table.of('gateway').length === 2, 'they know of each other');
    const { services, broker } = await statusOf(one);
    assert.deepEqual(
      services
        .find(({ name }) => name === 'gateway')
        ?.instances.map(({ instance_id, status: word }) => [instance_id, word === 'unhealthy']),
      [one, two].map(({ gateway }) => [gateway.context.instance_id, false]),
    );
    assert.equal(broker.instances, 0, 'these gateways hear no broker');
    const refused = await fetch(`${two.url}/registry/figures`, {
      headers: { authorization: `Bearer ${await two.keys.tokenFor({ role: 'admin' })}` },
    });
    assert.equal(refused.status, 403);
  });

  it('looks around by itself when nobody does', async () => {
    const gateway = await open({ status_interval_ms: 100 });
    const services = await furnish(gateway);
    await until(() => (services.get('orders')?.seen.length ?? 0) > 0, 'asked without a viewer');
  });
});

describe('the page', () => {
  it('is public, needs nobody else, and runs nothing but its own script', async () => {
    const gateway = await aGateway();
    try {
      const answer = await fetch(`${gateway.url}/status`);
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
    } finally {
      await gateway.stop();
    }
  });
});
