import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMemoryStore } from '../src/memory-store.ts';
import { aCache, gate, turn } from './_support.ts';

const key = 'products:product:1';

describe('a cached read', () => {
  it('asks the source once while the value is fresh, and again afterwards', async () => {
    const { cache, clock } = aCache();
    let loads = 0;
    const read = () => cache.getOrLoad(key, { ttl_ms: 100, load: async () => ({ price: ++loads }) });
    assert.deepEqual(await read(), { price: 1 });
    clock.advance(99);
    assert.deepEqual(await read(), { price: 1 });
    clock.advance(1);
    assert.deepEqual(await read(), { price: 2 });
  });

  it('is one load for a thousand waiting callers', async () => {
    const { cache } = aCache();
    const source = gate<number>();
    let loads = 0;
    const reads = Array.from({ length: 1000 }, () =>
      cache.getOrLoad(key, {
        ttl_ms: 100,
        load: () => {
          loads += 1;
          return source.promise;
        },
      }),
    );
    source.open(7);
    assert.ok((await Promise.all(reads)).every((value) => value === 7));
    assert.equal(loads, 1);
  });

  it('gives the failure of a load to everyone who waited, and asks again next time', async () => {
    const { cache } = aCache();
    const failing = () => cache.getOrLoad<number>(key, { ttl_ms: 100, load: () => Promise.reject(new Error('database away')) });
    const both = await Promise.allSettled([failing(), failing()]);
    assert.ok(both.every((one) => one.status === 'rejected'));
    assert.equal(await cache.getOrLoad(key, { ttl_ms: 100, load: async () => 1 }), 1);
  });

  it('fails with cache_load_timeout when the source hangs, and aborts its signal', async () => {
    const { cache } = aCache({ load_timeout_ms: 5 });
    let seen: AbortSignal | undefined;
    const hanging = cache.getOrLoad<number>(key, {
      ttl_ms: 100,
      load: (signal) => {
        seen = signal;
        return new Promise(() => undefined);
      },
    });
    await assert.rejects(hanging, { code: 'cache_load_timeout' });
    assert.equal(seen?.aborted, true);
    assert.equal(cache.stats().loading, 0);
  });

  it('remembers a miss for its own short time', async () => {
    const { cache, clock } = aCache();
    let loads = 0;
    const find = () =>
      cache.getOrLoad(key, {
        ttl_ms: 1000,
        miss_ttl_ms: 10,
        load: async (): Promise<{ id: number } | null> => {
          loads += 1;
          return null;
        },
      });
    assert.equal(await find(), undefined);
    assert.equal(await find(), undefined);
    assert.equal(loads, 1);
    assert.equal(await cache.exists(key), false);
    clock.advance(10);
    await find();
    assert.equal(loads, 2);
  });

  it('serves a stale value when the source fails, rests, and asks again', async () => {
    const { cache, clock } = aCache({ stale_retry_ms: 50 });
    let answer: () => Promise<string> = async () => 'good';
    let loads = 0;
    const read = () =>
      cache.getOrLoad(key, {
        ttl_ms: 100,
        stale_ms: 1000,
        load: () => {
          loads += 1;
          return answer();
        },
      });
    await read();
    clock.advance(150);
    answer = () => Promise.reject(new Error('away'));
    assert.equal(await read(), 'good');
    assert.equal(await read(), 'good');
    assert.equal(loads, 2, 'a failing source is not asked by every caller');
    clock.advance(60);
    answer = async () => 'better';
    assert.equal(await read(), 'better');
    answer = () => Promise.reject(new Error('away for long'));
    clock.advance(1100);
    await assert.rejects(read(), /away for long/);
    assert.equal(cache.stats().stale_served, 1);
  });

  it('shortens the time to live at random by at most the jitter', async () => {
    for (const [random, still] of [
      [0, true],
      [1, false],
    ] as const) {
      const { cache, clock } = aCache({ ttl_jitter: 0.2, random: () => random });
      await cache.set(key, 1, { ttl_ms: 100 });
      clock.advance(81);
      assert.equal(await cache.exists(key), still);
    }
  });

  it('refuses more loads at once than its limit', async () => {
    const { cache } = aCache({ loads_max: 2 });
    const source = gate<number>();
    const reads = [1, 2].map((id) => cache.getOrLoad(`a:b:${id}`, { ttl_ms: 10, load: () => source.promise }));
    await assert.rejects(cache.getOrLoad('a:b:3', { ttl_ms: 10, load: () => source.promise }), { code: 'overloaded' });
    source.open(1);
    assert.deepEqual(await Promise.all(reads), [1, 1]);
  });

  it('refuses a bad key, a bad tag and a life that is too long', async () => {
    const { cache } = aCache({ lifetime_ms_max: 1000 });
    const load = async () => 1;
    await assert.rejects(cache.getOrLoad('nonsense', { ttl_ms: 1, load }), { code: 'cache_key_invalid' });
    await assert.rejects(cache.getOrLoad(key, { ttl_ms: 1, tags: ['NO'], load }), { code: 'cache_key_invalid' });
    await assert.rejects(cache.getOrLoad(key, { ttl_ms: 900, stale_ms: 101, load }), { code: 'cache_lifetime_invalid' });
    await assert.rejects(cache.getOrLoad(key, { ttl_ms: 0, load }), { code: 'cache_lifetime_invalid' });
  });
});

describe('a cached value', () => {
  it('cannot be changed by whoever put it or whoever got it', async () => {
    const { cache } = aCache();
    const mine = { tags: ['a'], price: { amount: 1 } };
    await cache.set(key, mine, { ttl_ms: 100 });
    mine.price.amount = 2;
    const got = await cache.get<typeof mine>(key);
    assert.throws(() => got?.tags.push('b'), TypeError);
    assert.deepEqual(await cache.get(key), { tags: ['a'], price: { amount: 1 } });
  });

  it('comes with its JSON text', async () => {
    const { cache } = aCache();
    const entry = await cache.getOrLoadEntry(key, { ttl_ms: 100, load: async () => ({ name: 'Schuh "ü"', gone: undefined }) });
    assert.equal(entry.text, '{"name":"Schuh \\"ü\\""}');
    assert.equal(cache.peek(key)?.text, entry.text);
  });

  for (const [what, value] of Object.entries({ date: new Date(0), map: new Map(), number: Number.NaN, bigint: 1n, function: () => 1 })) {
    it(`is never a ${what}, which JSON would change`, async () => {
      const { cache } = aCache();
      await assert.rejects(cache.set(key, { value }, { ttl_ms: 100 }), { name: 'AssertionFailed' });
    });
  }

  it('can be set, asked for, deleted', async () => {
    const { cache } = aCache();
    assert.equal(await cache.get(key), undefined);
    await cache.set(key, 5, { ttl_ms: 100 });
    assert.equal(await cache.get(key), 5);
    assert.equal(await cache.exists(key), true);
    await cache.delete(key);
    assert.equal(await cache.exists(key), false);
  });

  it('of a wrapped function is kept by the key of its arguments', async () => {
    const { cache } = aCache();
    const asked: string[] = [];
    const find = cache.wrap(
      (id: string) => `users:user:${id}`,
      { ttl_ms: 100 },
      async (id) => {
        asked.push(id);
        return { id };
      },
    );
    assert.deepEqual([await find('1'), await find('2'), await find('1')], [{ id: '1' }, { id: '2' }, { id: '1' }]);
    assert.deepEqual(asked, ['1', '2']);
  });
});

describe('an invalidation', () => {
  it('forgets the keys, and every list that carries the tag', async () => {
    const { cache } = aCache();
    await cache.set('products:list:shoes', [1], { ttl_ms: 100, tags: ['products:list'] });
    await cache.set('products:list:hats', [2], { ttl_ms: 100, tags: ['products:list'] });
    await cache.set(key, 1, { ttl_ms: 100 });
    await cache.set('products:product:2', 2, { ttl_ms: 100 });
    await cache.invalidate({ keys: [key], tags: ['products:list'] });
    const left = await Promise.all(['products:list:shoes', 'products:list:hats', key, 'products:product:2'].map((one) => cache.get(one)));
    assert.deepEqual(left, [undefined, undefined, undefined, 2]);
  });

  it('keeps a value that was being loaded from being stored', async () => {
    const { cache } = aCache();
    for (const what of [{ keys: [key] }, { tags: ['products:list'] }]) {
      const source = gate<string>();
      const early = cache.getOrLoad(key, { ttl_ms: 100, tags: ['products:list'], load: () => source.promise });
      await turn();
      await cache.invalidate(what);
      const late = cache.getOrLoad(key, { ttl_ms: 100, tags: ['products:list'], load: async () => 'new' });
      assert.equal(await late, 'new', 'who asks after the invalidation does not join the older load');
      source.open('old');
      assert.equal(await early, 'old');
      assert.equal(await cache.get(key), 'new');
      await cache.clear();
    }
  });

  it('leaves nothing stale behind', async () => {
    const { cache, clock } = aCache();
    await cache.set(key, 'old', { ttl_ms: 10, stale_ms: 1000 });
    clock.advance(20);
    await cache.invalidate({ keys: [key] });
    await assert.rejects(cache.getOrLoad(key, { ttl_ms: 10, stale_ms: 1000, load: () => Promise.reject(new Error('away')) }), /away/);
  });
});

describe('the memory tier', () => {
  const entry = (text: string, tags: string[] = []) => ({
    value: text,
    text,
    miss: false,
    tags,
    stored_at: 0,
    fresh_until: 1,
    stale_until: 1,
  });

  it('is bounded by entries and by bytes', () => {
    const store = createMemoryStore({ entries_max: 3, bytes_max: 100_000 });
    for (let id = 0; id < 10; id += 1) store.set(`a:b:${id}`, entry('x'));
    assert.equal(store.size().entries, 3);
    for (let id = 0; id < 10; id += 1) store.set(`a:b:${id}`, entry('x'.repeat(8_000)));
    assert.ok(store.size().bytes <= 100_000);
    store.set('a:b:huge', entry('x'.repeat(50_000), ['t']));
    assert.equal(store.get('a:b:huge'), undefined);
    assert.ok(store.get('a:b:9'), 'an entry that is too large drives nothing out');
  });

  it('finds by tag what was evicted, replaced and retagged correctly', () => {
    const store = createMemoryStore({ entries_max: 2, bytes_max: 100_000 });
    store.set('a:b:1', entry('1', ['red']));
    store.set('a:b:1', entry('1', ['blue']));
    store.set('a:b:2', entry('2', ['red']));
    store.deleteTagged('red');
    assert.deepEqual([store.get('a:b:1')?.text, store.get('a:b:2')], ['1', undefined]);
    store.deleteTagged('blue');
    assert.equal(store.size().entries, 0);
  });
});
