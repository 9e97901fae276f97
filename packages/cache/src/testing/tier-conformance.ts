import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CacheTier } from '../cache-tier.ts';

export interface TierUnderTest {
  tier: CacheTier;
  /** Lets at least this much of the tier's own time pass: a manual clock is moved, a server is waited for. */
  elapse(by_ms: number): Promise<void>;
}

/** Registers the tests every second tier has to pass; `makeTier` gives an empty tier of its own each time. */
export function cacheTierConformance(name: string, makeTier: () => Promise<TierUnderTest>): void {
  describe(`${name} is a cache tier`, () => {
    const cases: Record<string, (made: TierUnderTest) => Promise<void>> = { ...valueCases, ...timeCases };
    for (const [sentence, check] of Object.entries(cases)) {
      it(sentence, async () => {
        const made = await makeTier();
        try {
          await check(made);
        } finally {
          await made.tier.close();
        }
      });
    }
  });
}

const valueCases: Record<string, (made: TierUnderTest) => Promise<void>> = {
  'what was never kept is absent': async ({ tier }) => {
    assert.deepEqual(await tier.get(['a:b:1']), [undefined]);
    assert.equal(await tier.exists('a:b:1'), false);
  },
  'texts are answered in the order asked, with gaps and repetitions': async ({ tier }) => {
    await tier.set([item('a:b:1', 'one'), item('a:b:2', 'two')]);
    assert.deepEqual(await tier.get(['a:b:2', 'a:b:3', 'a:b:1', 'a:b:2']), ['two', undefined, 'one', 'two']);
  },
  'a later text replaces the earlier one': async ({ tier }) => {
    await tier.set([item('a:b:1', 'one')]);
    await tier.set([item('a:b:1', 'two')]);
    assert.deepEqual(await tier.get(['a:b:1']), ['two']);
  },
  'within one call the last text of a key wins': async ({ tier }) => {
    await tier.set([item('a:b:1', 'one'), item('a:b:1', 'two')]);
    assert.deepEqual(await tier.get(['a:b:1']), ['two']);
  },
  'any text comes back unchanged': async ({ tier }) => {
    const texts = ['', ' ', 'null', '{"a":"ü😀\\u0000"}', 'first\nsecond\r\n', 'x'.repeat(200_000)];
    await tier.set(texts.map((text, index) => item(`a:b:${index}`, text)));
    assert.deepEqual(await tier.get(texts.map((_, index) => `a:b:${index}`)), texts);
  },
  'deleting many answers how many were there': async ({ tier }) => {
    await tier.set([item('a:b:1', 'one'), item('a:b:2', 'two'), item('a:b:3', 'three')]);
    assert.equal(await tier.delete(['a:b:1', 'a:b:3', 'a:b:9']), 2);
    assert.deepEqual(await tier.get(['a:b:1', 'a:b:2', 'a:b:3']), [undefined, 'two', undefined]);
  },
  'what is there exists, what was deleted does not': async ({ tier }) => {
    await tier.set([item('a:b:1', '')]);
    assert.equal(await tier.exists('a:b:1'), true);
    await tier.delete(['a:b:1']);
    assert.equal(await tier.exists('a:b:1'), false);
  },
  'empty calls are harmless': async ({ tier }) => {
    await tier.set([]);
    assert.deepEqual(await tier.get([]), []);
    assert.equal(await tier.delete([]), 0);
  },
  'many calls at once do not mix their answers': async ({ tier }) => {
    await tier.set(Array.from({ length: 100 }, (_, index) => item(`a:b:${index}`, `text ${index}`)));
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => tier.get([`a:b:${index}`])));
    assert.deepEqual(
      answers.map(([text]) => text),
      Array.from({ length: 100 }, (_, index) => `text ${index}`),
    );
  },
};

const timeCases: Record<string, (made: TierUnderTest) => Promise<void>> = {
  'an item ends with its own time': async ({ tier, elapse }) => {
    await tier.set([item('a:b:1', 'short', 20), item('a:b:2', 'long', 60_000)]);
    await elapse(30);
    assert.deepEqual(await tier.get(['a:b:1', 'a:b:2']), [undefined, 'long']);
    assert.equal(await tier.exists('a:b:1'), false);
  },
  'what has ended does not count as deleted': async ({ tier, elapse }) => {
    await tier.set([item('a:b:1', 'short', 20)]);
    await elapse(30);
    assert.equal(await tier.delete(['a:b:1']), 0);
  },
  'keeping a key again gives it the new time': async ({ tier, elapse }) => {
    await tier.set([item('a:b:1', 'one', 20)]);
    await tier.set([item('a:b:1', 'two', 60_000)]);
    await elapse(30);
    assert.deepEqual(await tier.get(['a:b:1']), ['two']);
  },
};

function item(key: string, value: string, ttl_ms = 60_000): { key: string; value: string; ttl_ms: number } {
  return { key, value, ttl_ms };
}
