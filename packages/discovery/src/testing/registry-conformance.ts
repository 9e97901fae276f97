import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Registration } from '../instance.ts';
import type { Registry, RegistryView } from '../registry.ts';

export interface RegistryUnderTest {
  registry: Registry;
  lease_ms: number;
  /** Lets at least this much of the registry's own time pass. */
  elapse(by_ms: number): Promise<void>;
}

/** A registration of one instance of `orders`, changed as said. */
export function aRegistration(overrides: Partial<Registration> = {}): Registration {
  return {
    name: 'orders',
    instance_id: 'one',
    host: '127.0.0.1',
    port: 8003,
    health_check_path: '/health/ready',
    metadata: {},
    ...overrides,
  };
}

/** Registers the tests every registry has to pass; `makeRegistry` gives an empty one of its own each time. */
export function registryConformance(name: string, makeRegistry: () => Promise<RegistryUnderTest>): void {
  describe(`${name} is a registry`, () => {
    for (const [sentence, check] of Object.entries({ ...leaseCases, ...viewCases })) {
      it(sentence, async () => {
        const made = await makeRegistry();
        try {
          await check(made);
        } finally {
          await made.registry.close();
        }
      });
    }
  });
}

type Cases = Record<string, (made: RegistryUnderTest) => Promise<void>>;

const idsOf = async (registry: Registry, name = 'orders'): Promise<string[]> =>
  (await registry.list(name)).map(({ instance_id }) => instance_id);

const leaseCases: Cases = {
  'an instance that registered is listed with its lease': async ({ registry, lease_ms }) => {
    const lease = await registry.register(aRegistration({ metadata: { version: '1' } }));
    assert.ok(lease.lease_until - lease.registered_at >= lease_ms);
    assert.deepEqual(await registry.list('orders'), [lease]);
    assert.deepEqual(await registry.list('users'), []);
  },
  'the same call renews: the lease moves, the time of registration stays': async ({ registry, elapse, lease_ms }) => {
    const first = await registry.register(aRegistration());
    await elapse(lease_ms * 0.6);
    const second = await registry.register(aRegistration());
    assert.equal(second.registered_at, first.registered_at);
    assert.ok(second.lease_until > first.lease_until);
    await elapse(lease_ms * 0.6);
    assert.deepEqual(await idsOf(registry), ['one']);
  },
  'a lease that is not renewed ends': async ({ registry, elapse, lease_ms }) => {
    await registry.register(aRegistration());
    await elapse(lease_ms + 1);
    assert.deepEqual(await idsOf(registry), []);
    assert.equal(await registry.deregister('orders', 'one'), false);
  },
  'concurrent registrations of one instance make one, of many make many': async ({ registry }) => {
    await Promise.all(Array.from({ length: 20 }, () => registry.register(aRegistration())));
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => registry.register(aRegistration({ instance_id: `many-${index}`, port: 9000 + index }))),
    );
    assert.equal(new Set(await idsOf(registry)).size, 21);
    assert.equal((await idsOf(registry)).length, 21);
  },
  'deregistering removes one instance and can be repeated': async ({ registry }) => {
    await registry.register(aRegistration());
    await registry.register(aRegistration({ instance_id: 'two', port: 8103 }));
    assert.equal(await registry.deregister('orders', 'one'), true);
    assert.equal(await registry.deregister('orders', 'one'), false);
    assert.deepEqual(await idsOf(registry), ['two']);
  },
  'wrong registrations are refused': async ({ registry }) => {
    const wrong: Partial<Registration>[] = [
      { port: 0 },
      { port: 70_000 },
      { port: 1.5 },
      { name: 'Orders' },
      { name: 'a/b' },
      { host: 'a b' },
      { host: 'http://x' },
      { instance_id: '../x' },
      { health_check_path: 'health' },
      { health_check_path: '//evil' },
    ];
    for (const part of wrong) await assert.rejects(registry.register(aRegistration(part)), { code: 'registration_invalid' });
    assert.deepEqual((await registry.snapshot()).instances, []);
  },
};

const viewCases: Cases = {
  'the version grows with changes and not with renewals': async ({ registry }) => {
    const versions: number[] = [];
    const note = async (): Promise<void> => void versions.push((await registry.snapshot()).version);
    await registry.register(aRegistration());
    await note();
    await registry.register(aRegistration());
    await note();
    await registry.register(aRegistration({ port: 8103 }));
    await note();
    await registry.deregister('orders', 'one');
    await note();
    const [first = 0, renewed = 0, moved = 0, gone = 0] = versions;
    assert.equal(renewed, first);
    assert.ok(moved > renewed && gone > moved);
  },
  'the snapshot holds all services and says it is not frozen': async ({ registry }) => {
    await registry.register(aRegistration());
    await registry.register(aRegistration({ name: 'users', port: 8001 }));
    const { frozen, instances } = await registry.snapshot();
    assert.equal(frozen, false);
    assert.deepEqual(
      instances.map(({ name }) => name),
      ['orders', 'users'],
    );
  },
  'a watcher receives the present view and each change, until the end': async ({ registry }) => {
    const views: RegistryView[] = [];
    const arrived = Promise.withResolvers<void>();
    const end = registry.watch((view) => {
      views.push(view);
      if (view.instances.length === 1) arrived.resolve();
    });
    await registry.register(aRegistration());
    await arrived.promise;
    end();
    const seen = views.length;
    await registry.register(aRegistration({ instance_id: 'two' }));
    assert.equal(views.length, seen);
    assert.deepEqual(views[0]?.instances, []);
  },
};
