import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createOutlierMemory } from './outlier-memory.ts';

describe('replicas that are left out', () => {
  const limits = { out_ms: 5_000, out_max_ms: 20_000, remembered_max: 2 };

  it('come back after a time that doubles up to a limit, and begin anew when they stayed well', () => {
    const outliers = createOutlierMemory(limits);
    assert.equal(outliers.isOut('a', 0), false);
    let now = 0;
    for (const lasts of [5_000, 10_000, 20_000, 20_000]) {
      assert.equal(outliers.add('a', now), lasts);
      assert.deepEqual([outliers.isOut('a', now + lasts - 1), outliers.isOut('a', now + lasts)], [true, false]);
      now += lasts;
    }
    assert.equal(outliers.add('a', now + limits.out_max_ms), 5_000);
  });

  it('are remembered up to a limit', () => {
    const outliers = createOutlierMemory(limits);
    for (const id of ['a', 'b', 'c']) outliers.add(id, 0);
    assert.deepEqual(
      ['a', 'b', 'c'].map((id) => outliers.isOut(id, 1)),
      [false, true, true],
    );
  });
});
