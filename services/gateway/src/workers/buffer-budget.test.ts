import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BufferBudget, type BufferHolder, createBufferBudget } from './buffer-budget.ts';

describe('the memory for slow clients', () => {
  let now = 0;
  const evicted: string[] = [];
  const aHolder = (name: string, gives = true): BufferHolder => ({
    evict() {
      if (gives) evicted.push(name);
      return gives;
    },
  });
  const aBudget = (): BufferBudget => {
    evicted.length = 0;
    now = 0;
    return createBufferBudget({ bytes_max: 100, evicted_after_ms: 1_000, now: () => now });
  };

  it('has one bound for all; what is released can be held again', () => {
    const budget = aBudget();
    const [one, two] = [aHolder('one'), aHolder('two')];
    assert.equal(budget.hold(one, 60), true);
    assert.equal(budget.hold(two, 41), false, 'nobody waits for long yet');
    assert.equal(budget.hold(one, 30), true, 'it holds less now');
    assert.equal(budget.hold(two, 70), true);
    assert.equal(budget.used(), 100);
    budget.release(one);
    budget.release(one);
    assert.equal(budget.used(), 70);
    assert.deepEqual(evicted, []);
  });

  it('is taken from those who have waited longest, as far as it is needed, and never from whoever asks', () => {
    const budget = aBudget();
    const [oldest, stays, old, young] = [aHolder('oldest'), aHolder('stays', false), aHolder('old'), aHolder('young')];
    for (const holder of [oldest, stays, old]) budget.hold(holder, 30);
    now = 1_500;
    assert.equal(budget.hold(young, 40), true);
    assert.deepEqual(evicted, ['oldest']);
    assert.equal(budget.hold(young, 60), true);
    assert.deepEqual([evicted, budget.used()], [['oldest', 'old'], 90]);
    assert.equal(budget.hold(young, 80), false, 'what does not give way leaves no room');
    assert.equal(budget.hold(stays, 50), false, 'the young one has its second');
  });
});
