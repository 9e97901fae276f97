/** The exploration itself: the real decisions hold, its reductions leave nothing out, and what it counts is exact. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { configurations } from '../src/configurations.ts';
import { realDecisions } from '../src/decisions.ts';
import { explore } from '../src/exploration/explore.ts';
import { firstEndless } from '../src/exploration/liveness.ts';
import { createNumberList } from '../src/exploration/number-list.ts';
import { createStateSet } from '../src/exploration/state-set.ts';
import { exploreWith, violationOf } from './_support.ts';

describe('the real decisions', () => {
  for (const { name, bounds } of configurations.filter(({ smoke }) => smoke))
    test(`hold: ${name}`, () => {
      const { violation, states, transitions, at_rest } = explore(realDecisions, bounds);
      assert.equal(violation, undefined, [violation?.what, ...(violation?.steps ?? [])].join('\n'));
      assert.ok(at_rest > 0 && states > at_rest && transitions > states);
    });
});

describe('reductions', () => {
  test('kills between commit and acknowledgement add no state at rest, because repeats do the same', () => {
    const bounds = { staff_refunds_max: 1, notifications: true };
    const [without, including] = [exploreWith({}, bounds), exploreWith({}, { ...bounds, lost_acknowledgements: true })];
    assert.equal(including.at_rest, without.at_rest);
    assert.ok(including.states > without.states);
  });

  test('two orders of two pieces rest as two single ones do, in either order', () => {
    const [one, two] = [exploreWith({}), exploreWith({}, { orders: 2, pieces: 2 })];
    assert.equal(two.at_rest, (one.at_rest * (one.at_rest + 1)) / 2);
  });

  test('notifications change nothing for the others', () => {
    const [without, including] = [exploreWith({}), exploreWith({}, { notifications: true })];
    assert.equal(including.at_rest, without.at_rest);
  });
});

test('with two orders each step says whose it is, and both keep their number from the first step to the last', () => {
  const grantOrders: typeof realDecisions.inventory.grantOrders = (_stock, orders) =>
    orders.map(({ order_id }) => ({ order_id, kind: 'reserved' }));
  const { steps } = violationOf({ inventory: { grantOrders } }, { orders: 2 });
  assert.deepEqual(steps, ['order 1: inventory receives order.created and reserves a piece', 'inventory receives order.created']);
});

describe('fair runs', () => {
  const steps = (pairs: readonly (readonly [number, number])[]) => {
    const [from, to] = [createNumberList(), createNumberList()];
    for (const [source, target] of pairs) {
      from.push(source);
      to.push(target);
    }
    return { from, to };
  };

  test('end where there is no circle', () => {
    assert.equal(firstEndless(1, steps([])), undefined);
    const pairs = [
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 3],
    ] as const;
    assert.equal(firstEndless(4, steps(pairs)), undefined);
  });

  test('do not end in a circle, nor before one', () => {
    const pairs = [
      [0, 1],
      [1, 2],
      [2, 1],
      [2, 3],
    ] as const;
    assert.equal(firstEndless(4, steps(pairs)), 0);
  });
});

test('a state is kept once, whatever the number of states', () => {
  const set = createStateSet(3);
  const states = Array.from({ length: 20_000 }, (_, index) => Int32Array.of(index % 7, index, -(index % 3)));
  for (const [index, state] of states.entries()) assert.equal(set.add(state), index);
  for (const [index, state] of states.entries()) assert.equal(set.add(state), index);
  assert.equal(set.size, states.length);
  const read = new Int32Array(3);
  set.read(19_999, read);
  assert.deepEqual(read, states[19_999]);
});
