import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ratesOf, spanBetween } from './request-rates.ts';

describe('rates', () => {
  const totals = (requests: number, errors: number, counts: readonly number[]) => ({
    requests,
    errors,
    buckets: [0.01, 0.1, 1].map((le, index) => ({ le, count: counts[index] ?? 0 })),
  });

  it('are what was counted between two readings, over all instances', () => {
    const one = spanBetween(
      { at_ms: 0, totals: totals(100, 1, [90, 100, 100]) },
      { at_ms: 10_000, totals: totals(200, 11, [170, 190, 200]) },
    );
    const other = spanBetween({ at_ms: 0, totals: totals(0, 0, [0, 0, 0]) }, { at_ms: 5_000, totals: totals(50, 0, [50, 50, 50]) });
    assert.ok(one && other);
    const rates = ratesOf([one, other]);
    assert.deepEqual([rates?.per_second, rates?.errors_per_second, rates?.error_share], [20, 1, 10 / 150]);
    assert.ok(rates?.p95_ms !== null && (rates?.p95_ms ?? 0) > 100 && (rates?.p95_ms ?? 0) < 1_000, String(rates?.p95_ms));
    assert.ok(rates?.p50_ms !== null && (rates?.p50_ms ?? 99) <= 10);
  });

  it('are unknown after a restart and without requests', () => {
    assert.equal(spanBetween({ at_ms: 0, totals: totals(100, 0, []) }, { at_ms: 1_000, totals: totals(3, 0, []) }), undefined);
    const idle = spanBetween({ at_ms: 0, totals: totals(5, 0, [5, 5, 5]) }, { at_ms: 1_000, totals: totals(5, 0, [5, 5, 5]) });
    assert.ok(idle);
    assert.deepEqual(ratesOf([idle]), { per_second: 0, errors_per_second: 0, error_share: 0, p50_ms: null, p95_ms: null });
    assert.equal(ratesOf([]), null);
  });
});
