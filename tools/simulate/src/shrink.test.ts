import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Plan, planOf } from './plan.ts';
import { shrink } from './shrink.ts';

const whole = planOf('3', { orders: 8, faults: 20 });

test('what is left of a plan is what its failure needs', async () => {
  const needed = [whole.faults[4], whole.faults[11]];
  const fails = async ({ faults, orders }: Plan): Promise<boolean> =>
    needed.every((fault) => fault !== undefined && faults.includes(fault)) && orders.some(({ id }) => id === 5);
  const { plan, replays } = await shrink(whole, fails);
  assert.deepEqual(plan.faults, needed);
  assert.deepEqual(
    plan.orders.map(({ id }) => id),
    [5],
  );
  const [order] = plan.orders;
  assert.deepEqual([order?.cancel_after_ms, order?.ship_after_ms, order?.refund_after_ms], [null, null, null]);
  assert.ok(replays < 150, `${replays} replays`);
});

test('a failure that needs no fault is left without any', async () => {
  const { plan } = await shrink(whole, async ({ orders }) => orders.some((order) => order.id === 2 && order.payment_method !== ''));
  assert.deepEqual([plan.faults.length, plan.orders.length], [0, 1]);
});

test('a failure that needs everything stays as it is', async () => {
  const isWhole = async (plan: Plan): Promise<boolean> => JSON.stringify(plan) === JSON.stringify(whole);
  const { plan } = await shrink(whole, isWhole);
  assert.deepEqual(plan, whole);
});
