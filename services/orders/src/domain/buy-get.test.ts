import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BuyGet, discountedUnits, type Units } from './buy-get.ts';

const line = (price: number, quantity: number, { buys = true, gets = true } = {}): Units => ({ price, quantity, buys, gets });
const rule = (buy_quantity: number, get_quantity: number, overrides: Partial<BuyGet> = {}): BuyGet => ({
  buy_quantity,
  get_quantity,
  sets_max: null,
  get_scope: null,
  ...overrides,
});
const others = { get_scope: {} };

test('of each full block the cheapest units are discounted, the dearest blocks first', () => {
  assert.deepEqual(discountedUnits(rule(2, 1), [line(100, 2), line(300, 2), line(200, 2)]), [1, 0, 1]);
  assert.deepEqual(discountedUnits(rule(2, 1), [line(100, 2), line(300, 2)]), [1, 0], 'the unit that fills no block is the cheapest');
  assert.deepEqual(discountedUnits(rule(2, 1), [line(300, 2)]), [0]);
  assert.deepEqual(discountedUnits(rule(1, 2, { sets_max: 2 }), [line(100, 9)]), [4]);
  assert.deepEqual(discountedUnits(rule(1, 1), [line(100, 1), line(100, 1)]), [0, 1], 'of one price the first line counts first');
  assert.deepEqual(discountedUnits(rule(1, 1), [line(500, 4, { buys: false }), line(100, 2)]), [0, 1]);
});

test('of other goods the cheapest are discounted, as many as what is bought allows, and no unit counts twice', () => {
  const [bought, got] = [line(900, 4, { gets: false }), line(100, 9, { buys: false })];
  assert.deepEqual(discountedUnits(rule(2, 3, others), [bought, got]), [0, 6]);
  assert.deepEqual(discountedUnits(rule(2, 3, { ...others, sets_max: 1 }), [bought, got]), [0, 3]);
  assert.deepEqual(discountedUnits(rule(2, 1, others), [line(900, 5)]), [1], 'two sets would need six units');
  assert.deepEqual(
    discountedUnits(rule(1, 1, others), [line(100, 1), line(100, 1, { buys: false })]),
    [0, 1],
    'what nothing else needs first',
  );
  assert.deepEqual(discountedUnits(rule(5, 1, others), [bought, got]), [0, 0]);
});

interface Unit {
  line: number;
  price: number;
  buys: boolean;
  gets: boolean;
}

/** The same by single units, as the rule says it. */
function byUnits({ buy_quantity, get_quantity, sets_max, get_scope }: BuyGet, lines: readonly Units[]): number[] {
  const units = lines.flatMap(({ quantity, ...of }, index): Unit[] => Array.from({ length: quantity }, () => ({ line: index, ...of })));
  const bought = units.filter(({ buys }) => buys);
  const most = sets_max ?? units.length;
  const counted = (chosen: readonly Unit[]): number[] => lines.map((_, index) => chosen.filter((unit) => unit.line === index).length);
  if (get_scope === null) {
    const dearest = bought.toSorted((one, other) => other.price - one.price);
    const block = buy_quantity + get_quantity;
    const blocks = Array.from({ length: most }, (_, index) => dearest.slice(index * block, (index + 1) * block));
    return counted(blocks.filter(({ length }) => length === block).flatMap((full) => full.slice(buy_quantity)));
  }
  const cheapest = units.filter(({ gets }) => gets).toSorted((one, other) => one.price - other.price || +one.buys - +other.buys);
  for (let sets = Math.min(most, Math.floor(bought.length / buy_quantity)); sets > 0; sets -= 1) {
    const chosen = cheapest.slice(0, sets * get_quantity);
    if (bought.length - chosen.filter(({ buys }) => buys).length >= sets * buy_quantity) return counted(chosen);
  }
  return counted([]);
}

test('lines are counted as single units would be', (t) => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  t.diagnostic(`seed ${seed}`);
  let state = seed || 1;
  const below = (most: number): number => {
    state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647;
    return state % most;
  };
  for (let round = 0; round < 2_000; round += 1) {
    const lines = Array.from({ length: 1 + below(5) }, () =>
      line(100 * (1 + below(4)), 1 + below(6), { buys: below(4) > 0, gets: below(4) > 0 }),
    );
    const asked = rule(1 + below(3), 1 + below(3), {
      sets_max: below(2) === 0 ? null : 1 + below(3),
      get_scope: below(2) === 0 ? null : {},
    });
    assert.deepEqual(discountedUnits(asked, lines), byUnits(asked, lines), JSON.stringify({ asked, lines }));
  }
});
