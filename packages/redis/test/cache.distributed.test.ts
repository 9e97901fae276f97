import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Cache, type CacheOptions, createCache } from '@souk/cache';
import { cacheTierConformance } from '@souk/cache/testing';
import { pause, silentLog, systemClock } from '@souk/kernel';
import { redisCacheTier, redisInvalidationBus } from '@souk/redis';
import { away, eventually, freshPrefix, ready, type TestServer, testServer } from './_support.ts';

let made: TestServer;
before(async () => {
  // With its data kept, a restart could bring back what was invalidated.
  made = await testServer({ appendonly: true });
});
after(() => made.end());

cacheTierConformance('the Redis tier', async () => {
  const redis = made.open({ command_timeout_ms: 2_000 });
  await ready(redis);
  return { tier: redisCacheTier(redis, { prefix: freshPrefix() }), elapse: pause };
});

const key = 'products:product:1';
const never = async (): Promise<never> => assert.fail('the source was asked again');

/** An instance of a service: its own connection, tier, bus and cache. */
async function instance(prefix: string, overrides: Partial<CacheOptions> = {}, command_timeout_ms = 500) {
  const redis = made.open({ command_timeout_ms });
  await ready(redis);
  const cache: Cache = createCache({
    namespace: 'products',
    clock: systemClock,
    log: silentLog,
    tier2: redisCacheTier(redis, { prefix }),
    bus: redisInvalidationBus(redis, { prefix, log: silentLog }),
    tier2_timeout_ms: command_timeout_ms,
    tier2_rest_ms: 20,
    ...overrides,
  });
  // Replies come in order: the bus delivers from here on, and the forgetting with which that begins is over.
  await redis.send(['PING']);
  return { redis, cache, end: () => cache.close() };
}

describe('two instances on one Redis', () => {
  it('load a value once between them', async () => {
    const prefix = freshPrefix();
    const [one, two] = [await instance(prefix), await instance(prefix)];
    assert.deepEqual(await one.cache.getOrLoad(key, { ttl_ms: 60_000, load: async () => ({ price: 1 }) }), { price: 1 });
    await eventually('the tier has it', () => two.cache.exists(key));
    assert.deepEqual(await two.cache.getOrLoad(key, { ttl_ms: 60_000, load: never }), { price: 1 });
    one.end();
    two.end();
  });

  it('forget what the other invalidated, by key and by tag', async () => {
    const prefix = freshPrefix();
    const [one, two] = [await instance(prefix), await instance(prefix)];
    for (const what of [{ keys: [key] }, { tags: ['products:list'] }]) {
      const load = async (): Promise<number> => 1;
      await one.cache.getOrLoad(key, { ttl_ms: 60_000, tags: ['products:list'], load });
      await two.cache.getOrLoad(key, { ttl_ms: 60_000, tags: ['products:list'], load });
      assert.ok(two.cache.peek(key));
      await one.cache.invalidate(what);
      await eventually('the other has forgotten it', () => two.cache.peek(key) === undefined);
      assert.equal(await two.cache.get(key), undefined, 'also not from the tier');
    }
    one.end();
    two.end();
  });

  it('forget everything when a foreign text arrives on their channel', async () => {
    const prefix = freshPrefix();
    const one = await instance(prefix);
    for (const text of ['no json', 'null', '[]', '{"namespace":"products","names":[1]}']) {
      await one.cache.set(key, 1, { ttl_ms: 60_000 });
      await one.redis.send(['PUBLISH', `${prefix}:invalidations`, text]);
      await eventually('it is forgotten', () => one.cache.peek(key) === undefined);
    }
    one.end();
  });

  it('never get back from a restarted Redis what was invalidated while it was dead', async () => {
    const prefix = freshPrefix();
    const [one, two] = [await instance(prefix), await instance(prefix)];
    await one.cache.set(key, 'old', { ttl_ms: 60_000 });
    assert.equal(await two.cache.get(key), 'old');
    await made.server.kill();
    await away(one.redis);
    await one.cache.invalidate({ keys: [key] });
    assert.equal(await one.cache.getOrLoad(key, { ttl_ms: 60_000, load: async () => 'new' }), 'new');
    await made.server.restart();
    await Promise.all([ready(one.redis), ready(two.redis)]);
    await eventually('the other has forgotten it', () => two.cache.peek(key)?.value !== 'old');
    assert.equal(await two.cache.getOrLoad(key, { ttl_ms: 60_000, load: async () => 'new' }), 'new');
    await eventually('the invalidation is published', () => one.cache.stats().unpublished === 0);
    one.end();
    two.end();
  });
});

describe('a cache whose Redis is away', () => {
  for (const [how, leave, back] of [
    ['hangs', () => made.server.signal('SIGSTOP'), () => made.server.signal('SIGCONT')],
    ['is dead', () => made.server.kill(), () => made.server.restart()],
  ] as const) {
    it(`answers from its source at nearly no cost when it ${how}, and uses it again afterwards`, async () => {
      const prefix = freshPrefix();
      const one = await instance(prefix, {}, 15);
      await leave();
      const costs: number[] = [];
      for (let id = 0; id < 300; id += 1) {
        const started_ms = performance.now();
        assert.equal(await one.cache.getOrLoad(`products:product:${id}`, { ttl_ms: 60_000, load: async () => id }), id);
        costs.push(performance.now() - started_ms);
      }
      await back();
      const total_ms = costs.reduce((sum, cost) => sum + cost, 0);
      assert.ok(
        costs.every((cost) => cost < 150),
        `the dearest took ${Math.max(...costs)} ms`,
      );
      assert.ok(total_ms < 600, `300 values cost ${total_ms} ms`);
      await ready(one.redis);
      await eventually('the tier is used again', async () => {
        await one.cache.set('products:product:back', 1, { ttl_ms: 60_000 });
        return (await one.redis.send<string[]>(['KEYS', `${prefix}:cache:*:entry:products:product:back`]).catch(() => [])).length === 1;
      });
      one.end();
    });
  }
});
