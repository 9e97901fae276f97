import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Registry } from '@souk/discovery';
import { aRegistration, registryConformance } from '@souk/discovery/testing';
import { pause, silentLog, systemClock } from '@souk/kernel';
import { type Redis, type RedisRegistryOptions, redisRegistry } from '@souk/redis';
import { away, eventually, freshPrefix, openRelay, ready, type TestServer, testServer } from './_support.ts';

let made: TestServer;
before(async () => {
  made = await testServer({ appendonly: true });
});
after(() => made.end());

const leaseMs = 1_000;

function registryOn(redis: Redis, overrides: Partial<RedisRegistryOptions> = {}): Registry {
  return redisRegistry(redis, { clock: systemClock, log: silentLog, lease_ms: leaseMs, poll_ms: 20, timeout_ms: 1_000, ...overrides });
}

/** A gateway's registry with a connection of its own, once it knows the store. */
async function gateway(prefix: string, overrides: Partial<RedisRegistryOptions> = {}): Promise<{ redis: Redis; registry: Registry }> {
  const redis = made.open();
  const registry = registryOn(redis, { prefix, ...overrides });
  await thawed(registry);
  return { redis, registry };
}

const thawed = (registry: Registry): Promise<void> =>
  eventually('a view that is not frozen', async () => !(await registry.snapshot()).frozen);
const idsOf = async (registry: Registry): Promise<string> => (await registry.list('orders')).map(({ instance_id }) => instance_id).join();
const sees = (registry: Registry, ids: string): Promise<void> =>
  eventually(`orders are ${ids}`, async () => (await idsOf(registry)) === ids);

registryConformance('the Redis registry', async () => {
  const redis = made.open();
  await ready(redis);
  const registry = registryOn(redis, { prefix: freshPrefix() });
  await thawed(registry);
  const elapse = async (by_ms: number): Promise<void> => {
    await pause(by_ms);
    // Any exchange takes over what the store knows; without one it would be the next poll's.
    await registry.deregister('nobody', 'nothing');
  };
  return { registry, lease_ms: leaseMs, elapse };
});

describe('gateways that share a registry', () => {
  it('see at once what registered, moved and left at another', async () => {
    const prefix = freshPrefix();
    // Nothing is polled here: what is seen was announced.
    const [one, two] = [await gateway(prefix, { poll_ms: 60_000 }), await gateway(prefix, { poll_ms: 60_000 })];
    const versions: number[] = [];
    two.registry.watch(({ version }) => void versions.push(version));
    await one.registry.register(aRegistration());
    await sees(two.registry, 'one');
    await one.registry.register(aRegistration({ port: 9999 }));
    await eventually('the new port', async () => (await two.registry.list('orders'))[0]?.port === 9999);
    assert.deepEqual(await two.registry.list('orders'), await one.registry.list('orders'), 'times too');
    await two.registry.deregister('orders', 'one');
    await sees(one.registry, '');
    assert.deepEqual(
      versions,
      versions.toSorted((left, right) => left - right),
    );
    await Promise.all([one.registry.close(), two.registry.close()]);
  });

  it('keep an instance that renews at only one of them', async () => {
    const prefix = freshPrefix();
    const [one, two] = [await gateway(prefix), await gateway(prefix)];
    const first = await one.registry.register(aRegistration());
    const renewing = setInterval(() => void one.registry.register(aRegistration()), 100);
    await eventually(
      'the other knows a later lease',
      async () => ((await two.registry.list('orders'))[0]?.lease_until ?? 0) > first.lease_until + leaseMs,
    );
    clearInterval(renewing);
    await sees(two.registry, '');
    await Promise.all([one.registry.close(), two.registry.close()]);
  });

  it('count one instance when all register it at the same time at both, and refuse beyond the limit', async () => {
    const prefix = freshPrefix();
    const [one, two] = [await gateway(prefix, { instances_max: 1 }), await gateway(prefix, { instances_max: 1 })];
    await Promise.all(Array.from({ length: 40 }, (_, turn) => (turn % 2 === 0 ? one : two).registry.register(aRegistration())));
    await sees(two.registry, 'one');
    await assert.rejects(two.registry.register(aRegistration({ instance_id: 'two' })), { code: 'registry_full' });
    await Promise.all([one.registry.close(), two.registry.close()]);
  });
});

describe('a shared registry whose Redis is away', () => {
  for (const [how, leave, back] of [
    ['hangs', () => made.server.signal('SIGSTOP'), () => made.server.signal('SIGCONT')],
    ['was killed', () => made.server.kill(), () => made.server.restart()],
  ] as const) {
    it(`freezes when it ${how}: no lease ends, and what is asked meanwhile is done when it is back`, async () => {
      const prefix = freshPrefix();
      const quick = { timeout_ms: 50 };
      const [one, two] = [await gateway(prefix, quick), await gateway(prefix, quick)];
      await one.registry.register(aRegistration());
      await one.registry.register(aRegistration({ instance_id: 'two' }));
      await sees(two.registry, 'one,two');
      await leave();
      await eventually('both are frozen', async () => (await one.registry.snapshot()).frozen && (await two.registry.snapshot()).frozen);
      await one.registry.register(aRegistration({ instance_id: 'three' }));
      assert.equal(await two.registry.deregister('orders', 'two'), true);
      await pause(leaseMs + 200);
      assert.deepEqual([await idsOf(one.registry), await idsOf(two.registry)], ['one,three,two', 'one']);
      const returned_ms = performance.now();
      await back();
      await Promise.all([sees(one.registry, 'one,three'), sees(two.registry, 'one,three')]);
      await eventually('both leases end', async () => (await idsOf(two.registry)) === '');
      assert.ok(performance.now() - returned_ms >= leaseMs, 'not before one whole lease');
      await Promise.all([one.registry.close(), two.registry.close()]);
    });
  }

  it('is brought back by the gateways when Redis comes back with nothing', async () => {
    const forgetful = await testServer();
    try {
      const redis = forgetful.open();
      const registry = registryOn(redis);
      await thawed(registry);
      const { registered_at } = await registry.register(aRegistration());
      await forgetful.server.kill();
      await away(redis);
      await forgetful.server.restart();
      const other = registryOn(forgetful.open());
      await sees(other, 'one');
      assert.equal((await other.list('orders'))[0]?.port, aRegistration().port);
      assert.ok(registered_at > 0);
      await Promise.all([registry.close(), other.close()]);
    } finally {
      await forgetful.end();
    }
  });

  it('does not bring back at one gateway what left at the others while only that one was cut off', async () => {
    const prefix = freshPrefix();
    const relay = await openRelay(made.server.port);
    const redis = made.open({ url: made.server.url.replace(/:\d+\/0$/, `:${relay.port}/0`) });
    const one = registryOn(redis, { prefix });
    await thawed(one);
    const { registry: two } = await gateway(prefix);
    await one.register(aRegistration());
    await one.register(aRegistration({ instance_id: 'two' }));
    await sees(two, 'one,two');
    relay.cut();
    await away(redis);
    await two.deregister('orders', 'two');
    assert.equal(await idsOf(one), 'one,two', 'the last known view');
    await relay.mend();
    await thawed(one);
    assert.equal(await idsOf(one), 'one');
    assert.equal(await idsOf(two), 'one');
    await Promise.all([one.close(), two.close()]);
    redis.close();
    relay.cut();
  });

  it('takes registrations before the first connection', async () => {
    const redis = made.open({ url: made.server.url.replace(/:\d+\/0$/, ':1/0') });
    const registry = registryOn(redis, { prefix: freshPrefix() });
    await registry.register(aRegistration());
    const { frozen, instances } = await registry.snapshot();
    assert.deepEqual([frozen, instances.length], [true, 1]);
    await registry.close();
  });
});
