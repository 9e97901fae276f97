import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Outcome, simulateSeeds } from '../src/campaign.ts';
import type { SimulateOptions } from '../src/options.ts';

const silent = { ready: () => undefined, progress: () => undefined, shrinking: () => undefined };
const smoke: SimulateOptions = {
  ...{ seed: 1, seeds: 3, orders: 4, faults: 6, workers: 1, sabotage: undefined, twice: true, trace: false, json: false },
};

const rulesOf = ({ failure }: Outcome): string[] => (failure?.replayed.violations ?? []).map(({ rule }) => rule);

test('seeds with crashes, lost answers and repeated messages hold, and each is the same run when it is run again', async (t) => {
  const { totals, failure, took_ms } = await simulateSeeds(smoke, silent);
  t.diagnostic(`seeds ${smoke.seed} to ${smoke.seed + smoke.seeds - 1}: ${JSON.stringify(totals)}, ${took_ms} ms`);
  assert.deepEqual(failure?.result.violations ?? [], []);
  assert.equal(totals.seeds, smoke.seeds);
  assert.ok(totals.crashes > 0 && totals.acknowledged > smoke.seeds && totals.virtual_ms > 30_000, JSON.stringify(totals));
});

test('a planted bug is found, replayed and reduced to what it needs', async (t) => {
  const outcome = await simulateSeeds({ ...smoke, seeds: 50, twice: false, sabotage: 'lost-compensation' }, silent);
  const { failure } = outcome;
  assert.ok(failure, 'no seed failed');
  t.diagnostic(`seed ${failure.seed}, ${failure.replays} replays: ${JSON.stringify(failure.replayed.violations)}`);
  assert.deepEqual(rulesOf(outcome).includes('cancelled_holds_stock'), true, rulesOf(outcome).join());
  // Nothing has to go wrong for it: one order that is cancelled is enough.
  assert.deepEqual([failure.plan.faults.length, failure.plan.orders.length], [0, 1]);
  assert.ok(failure.replayed.trace.some((line) => line.includes('order.cancelled')));
});
