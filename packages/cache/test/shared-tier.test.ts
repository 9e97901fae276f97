import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { manualClock, silentLog } from '@souk/kernel';
import fc from 'fast-check';
import { type Cache, type CacheOptions, type CacheTier, createCache, type InvalidationBus, memoryBus, memoryTier } from '../src/index.ts';
import { cacheTierConformance, failingTier, hangingTier, slowTier, switchableTier } from '../src/testing.ts';
import { eventually, gate, turn } from './_support.ts';

const key = 'products:product:1';

cacheTierConformance('the memory tier', async () => {
  const clock = manualClock();
  return { tier: memoryTier({ clock, entries_max: 1000 }), elapse: async (by_ms) => clock.advance(by_ms) };
});

const minutesLate = (tier: CacheTier): CacheTier => slowTier(tier, 60_000);

/** Two instances of a service with one tier and one bus between them. */
function twoInstances(overrides: Partial<CacheOptions> = {}) {
  const clock = manualClock();
  const tier = switchableTier(memoryTier({ clock, entries_max: 10_000 }));
  const make = (own: Partial<CacheOptions> = {}): Cache =>
    createCache({
      namespace: 'test',
      clock,
      log: silentLog,
      ttl_jitter: 0,
      tier2: tier,
      tier2_timeout_ms: 200,
      tier2_rest_ms: 5,
      ...overrides,
      ...own,
    });
  return { clock, tier, make };
}

describe('two instances', () => {
  it('load a value once between them, misses too', async () => {
    const { make } = twoInstances();
    const [one, two] = [make(), make()];
    assert.deepEqual(await one.getOrLoad(key, { ttl_ms: 100, tags: ['products:list'], load: async () => ({ a: 1 }) }), { a: 1 });
    await turn();
    const never = async (): Promise<never> => assert.fail('the source was asked again');
    assert.deepEqual(await two.getOrLoad(key, { ttl_ms: 100, tags: ['products:list'], load: never }), { a: 1 });
    assert.deepEqual(await make().get(key), { a: 1 }, 'also without naming the tags');
    await one.getOrLoad('a:b:miss', { ttl_ms: 100, load: async () => null });
    await turn();
    assert.equal(await two.getOrLoad('a:b:miss', { ttl_ms: 100, load: never }), undefined);
  });

  it('see what the other set, deleted and invalidated', async () => {
    const { make } = twoInstances({ bus: memoryBus() });
    const [one, two] = [make(), make()];
    await one.set(key, 'first', { ttl_ms: 100, tags: ['t'] });
    assert.equal(await two.get(key), 'first');
    await two.set(key, 'second', { ttl_ms: 100, tags: ['t'] });
    assert.equal(await one.get(key), 'second');
    await one.invalidate({ tags: ['t'] });
    assert.equal(await two.get(key), undefined);
    await two.set(key, 'third', { ttl_ms: 100 });
    await one.delete(key);
    assert.equal(await two.exists(key), false);
  });

  it('never serve from the tier what was loaded before an invalidation and written after it', async () => {
    const { make } = twoInstances();
    const [one, two, three] = [make(), make(), make()];
    const source = gate<string>();
    const early = one.getOrLoad(key, { ttl_ms: 100, load: () => source.promise });
    await turn();
    await two.invalidate({ keys: [key] });
    source.open('old');
    await early;
    await turn();
    assert.equal(await three.getOrLoad(key, { ttl_ms: 100, load: async () => 'new' }), 'new');
  });

  it('forget everything when the bus had a gap', async () => {
    const clock = manualClock();
    const gaps: (() => void)[] = [];
    const bus: InvalidationBus = {
      publish: async () => undefined,
      subscribe: ({ gap }) => {
        gaps.push(gap);
        return () => undefined;
      },
    };
    const cache = createCache({ namespace: 'test', clock, log: silentLog, bus });
    await cache.set(key, 1, { ttl_ms: 100 });
    for (const gap of gaps) gap();
    assert.equal(await cache.get(key), undefined);
  });

  it('publish again what a failing bus did not take', async () => {
    const { make } = twoInstances();
    const good = memoryBus();
    let broken = true;
    const bus: InvalidationBus = { ...good, publish: (said) => (broken ? Promise.reject(new Error('bus away')) : good.publish(said)) };
    const [one, two] = [make({ bus }), make({ bus })];
    await one.set(key, 1, { ttl_ms: 100 });
    await eventually('two has the value', async () => (await two.get(key)) === 1);
    await one.invalidate({ keys: [key] });
    assert.equal(one.stats().unpublished > 0, true);
    broken = false;
    const kept = setInterval(() => undefined, 5);
    await eventually('two has forgotten it', () => two.peek(key) === undefined);
    clearInterval(kept);
  });
});

describe('a tier that is away', () => {
  for (const [how, away] of Object.entries({ failing: failingTier, hanging: hangingTier, slow: minutesLate })) {
    it(`costs little and fails nobody when it is ${how}`, async () => {
      const clock = manualClock();
      const counting = switchableTier(away(memoryTier({ clock, entries_max: 10 })));
      const cache = createCache({ namespace: 'test', clock, log: silentLog, tier2: counting, tier2_timeout_ms: 5, tier2_rest_ms: 60_000 });
      for (let id = 0; id < 50; id += 1) assert.equal(await cache.getOrLoad(`a:b:${id}`, { ttl_ms: 100, load: async () => id }), id);
      await cache.invalidate({ keys: ['a:b:1'] });
      assert.ok(counting.calls() <= 5, `the dead tier was asked ${counting.calls()} times`);
      assert.equal(cache.stats().tier2_away, true);
      cache.close();
    });
  }

  it('is told of the invalidations it missed before it is believed again', async () => {
    const { tier, make } = twoInstances({ tier2_timeout_ms: 5 });
    const [one, two] = [make(), make()];
    await one.set(key, 'old', { ttl_ms: 60_000 });
    tier.behave('fail');
    await one.invalidate({ keys: [key] });
    tier.behave('well');
    assert.equal(await one.getOrLoad(key, { ttl_ms: 100, load: async () => 'new' }), 'new');
    const kept = setInterval(() => undefined, 5);
    await eventually('the tier knows', () => one.stats().unpublished === 0);
    clearInterval(kept);
    assert.equal(await two.get(key), undefined);
  });

  it('for the invalidating instance alone is distrusted by the others too', async () => {
    const { tier, make } = twoInstances({ bus: memoryBus() });
    const ownWay = switchableTier(tier);
    const [one, two] = [make({ tier2: ownWay, tier2_rest_ms: 60_000 }), make()];
    await one.set(key, 'old', { ttl_ms: 60_000 });
    assert.equal(await two.get(key), 'old');
    ownWay.behave('fail');
    await one.invalidate({ keys: [key] });
    assert.equal(await two.get(key), undefined);
    one.close();
    two.close();
  });

  it('that missed more than the limit is told to forget everything', async () => {
    const { tier, make } = twoInstances({ tier2_timeout_ms: 5, unpublished_names_max: 3 });
    const [one, two] = [make(), make()];
    await one.set(key, 'old', { ttl_ms: 60_000 });
    tier.behave('fail');
    for (let id = 0; id < 10; id += 1) await one.invalidate({ keys: [`a:b:${id}`] });
    assert.ok(one.stats().unpublished <= 3);
    tier.behave('well');
    const kept = setInterval(() => undefined, 5);
    await eventually('the tier knows', () => one.stats().unpublished === 0);
    clearInterval(kept);
    assert.equal(await two.get(key), undefined);
  });
});

describe('whatever happens in whatever order', () => {
  type Step = { kind: 'write' | 'read' | 'tag' | 'tier' | 'time'; instance: 0 | 1; delay: number };
  const step = fc.record<Step>({
    kind: fc.constantFrom('write', 'read', 'read', 'tag', 'tier', 'time'),
    instance: fc.constantFrom(0, 1),
    delay: fc.nat(4),
  });

  it('no call gets a value older than the last invalidation answered before it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { clock, tier, make } = twoInstances({ bus: memoryBus(), tier2_timeout_ms: 20, tier2_rest_ms: 1 });
        const caches = [make(), make()] as const;
        let truth = 0;
        const acknowledged = [0, 0];
        const turns = async (count: number): Promise<void> => {
          for (let index = 0; index < count; index += 1) await turn();
        };
        const read = async (instance: 0 | 1, delay: number): Promise<void> => {
          const oldest = acknowledged[instance] ?? 0;
          const value = await caches[instance].getOrLoad(key, {
            ttl_ms: 50,
            stale_ms: 100,
            tags: ['t'],
            load: async () => {
              const seen = truth;
              await turns(delay);
              return seen;
            },
          });
          assert.ok(value >= oldest, `read ${value} after ${oldest} was acknowledged`);
        };
        const running: Promise<unknown>[] = [];
        for (const { kind, instance, delay } of steps) {
          if (kind === 'read') running.push(read(instance, delay));
          else if (kind === 'time') clock.advance(delay * 20);
          else if (kind === 'tier') tier.behave(delay % 2 === 0 ? 'well' : 'fail');
          else {
            truth += 1;
            const written = truth;
            const reported = caches[instance].invalidate(kind === 'tag' ? { tags: ['t'] } : { keys: [key] });
            running.push(reported.then(() => acknowledged.fill(Math.max(...acknowledged, written))));
          }
          await turns(delay % 3);
        }
        await Promise.all(running);
        for (const cache of caches) cache.close();
      }),
      { numRuns: 150 },
    );
  });
});
