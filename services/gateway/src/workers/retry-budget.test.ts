import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRetryBudget } from './retry-budget.ts';

describe('the retry budget', () => {
  it('allows what was saved, then a share of the requests', () => {
    const budget = createRetryBudget({ share_max: 0.25, saved_max: 2 });
    assert.deepEqual([budget.withdraw(), budget.withdraw(), budget.withdraw()], [true, true, false]);
    let retries = 0;
    for (let turn = 0; turn < 100; turn += 1) {
      budget.deposit();
      if (budget.withdraw()) retries += 1;
    }
    assert.equal(retries, 25);
  });
});
