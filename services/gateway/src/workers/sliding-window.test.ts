import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createSlidingWindow } from './sliding-window.ts';

const window_ms = 60_000;

describe('a sliding window', () => {
  it('never lets more than twice the quota through in any stretch as long as a window, and never refuses who asks at half the pace', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 200 }), (quota, pauses) => {
        const limit = createSlidingWindow({ quota, window_ms, keys_max: 10 });
        let now = 0;
        const let_in: number[] = [];
        for (const pause of pauses) {
          now += pause;
          if (limit.take('a', now).allowed) let_in.push(now);
        }
        for (const from of let_in) assert.ok(let_in.filter((time) => time >= from && time < from + window_ms).length <= 2 * quota);
        const calm = createSlidingWindow({ quota, window_ms, keys_max: 10 });
        for (let turn = 0; turn < 3 * quota; turn += 1) assert.ok(calm.take('a', Math.ceil((2 * turn * window_ms) / quota)).allowed);
      }),
    );
  });

  it('lets whoever waits as told through, and nobody a second earlier', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 50 }), fc.integer({ min: 0, max: 59_999 }), (quota, start) => {
        const limit = createSlidingWindow({ quota, window_ms, keys_max: 10 });
        let now = start;
        let verdict = limit.take('a', now);
        while (verdict.allowed) verdict = limit.take('a', now);
        now += (verdict.retry_after_s - 1) * 1_000;
        if (verdict.retry_after_s > 1) assert.equal(limit.take('a', now).allowed, false);
        assert.equal(limit.take('a', now + 1_000).allowed, true);
      }),
    );
  });

  it('holds only so many keys and forgets the one that was quiet longest', () => {
    const limit = createSlidingWindow({ quota: 1, window_ms, keys_max: 2 });
    for (const key of ['a', 'b', 'c']) limit.take(key, 0);
    assert.equal(limit.size(), 2);
    assert.equal(limit.take('c', 0).allowed, false);
    assert.equal(limit.take('a', 0).allowed, true);
  });

  it('counts what others have counted, and tells each request once', () => {
    const limit = createSlidingWindow({ quota: 10, window_ms, keys_max: 10, shared: true });
    limit.take('a', 0);
    limit.take('a', 0);
    assert.deepEqual(limit.collect(), [{ key: 'a', window: 0, count: 2 }]);
    assert.deepEqual(limit.collect(), []);
    limit.take('a', 0);
    limit.absorb([{ key: 'a', window: 0, count: 8 }]);
    assert.equal(limit.take('a', 0).remaining, 0);
    assert.equal(limit.take('a', 0).allowed, false);
  });

  it('weighs what others counted in the window before, also for a key it has seen only in this one', () => {
    const limit = createSlidingWindow({ quota: 10, window_ms, keys_max: 10, shared: true });
    limit.take('a', window_ms);
    limit.absorb([
      { key: 'a', window: 0, count: 10 },
      { key: 'a', window: 1, count: 1 },
    ]);
    assert.equal(limit.take('a', window_ms).allowed, false);
  });
});
