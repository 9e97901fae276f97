import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CartLine } from '@souk/contracts';
import { derivedUuid } from '@souk/kernel';
import { type CartContent, isSameCart, mergeIntoCart, writeCart } from './cart.ts';

const product = (number: number): string => derivedUuid('cart', String(number));
const line = (number: number, quantity: number, merged?: 'added' | 'raised'): CartLine => ({
  product_id: product(number),
  quantity,
  ...(merged && { merged }),
});
const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return assert.fail('it was not refused');
};
const empty: CartContent = { lines: [], later: [] };
const many = (from: number, count: number, quantity = 1) => Array.from({ length: count }, (_, index) => line(from + index, quantity));

test('a merge takes the larger quantity, wherever the line is, and marks what it did', () => {
  const cart = { lines: [line(1, 2), line(2, 5)], later: [line(3, 1)] };
  assert.deepEqual(mergeIntoCart(cart, [line(1, 3), line(2, 4), line(3, 2), line(4, 1)]), {
    lines: [line(1, 3, 'raised'), line(2, 5), line(4, 1, 'added')],
    later: [line(3, 2, 'raised')],
  });
  for (const wanted of [line(1, 1), line(1, 2)])
    assert.deepEqual(mergeIntoCart(cart, [wanted]), cart, 'what is not larger changes nothing');
  assert.deepEqual(mergeIntoCart(empty, [line(1, 1), line(1, 4), line(1, 2)]).lines, [line(1, 4, 'added')]);
});

test('what the customer wrote keeps its place; what was merged beyond 100 lines is kept for later', () => {
  const cart = { lines: many(0, 98), later: [line(500, 1)] };
  const merged = mergeIntoCart(cart, many(200, 4));
  assert.deepEqual(merged.lines.slice(0, 98), cart.lines);
  assert.equal(merged.lines.length, 100);
  assert.deepEqual([merged.later[0], merged.later.length], [line(500, 1), 3]);
  assert.equal(
    codeOf(() => mergeIntoCart({ lines: many(0, 100), later: many(100, 99) }, many(300, 2))),
    'cart_full',
  );
});

test('a cart written as a whole has no marks, keeps what was put off, and names each product once', () => {
  const cart = { lines: [line(1, 2, 'raised')], later: [line(2, 1, 'added'), line(3, 1)] };
  assert.deepEqual(writeCart(cart, { lines: [line(2, 7)] }), { lines: [line(2, 7)], later: [line(3, 1)] });
  assert.deepEqual(writeCart(cart, { lines: [], later: [] }), empty);
  assert.equal(
    codeOf(() => writeCart(cart, { lines: [line(1, 1), line(1, 2)] })),
    'validation_failed',
  );
  assert.equal(
    codeOf(() => writeCart(cart, { lines: [line(1, 1)], later: [line(1, 2)] })),
    'validation_failed',
  );
});

test('a product that is named twice is named with its place', () => {
  const errorsOf = (lines: CartLine[], later?: CartLine[]): unknown => {
    try {
      writeCart(empty, { lines, ...(later && { later }) });
    } catch (error) {
      return (error as { details: { errors: unknown } }).details.errors;
    }
    return assert.fail('it was not refused');
  };
  const twice = (list: string, index: number, number: number) => ({
    pointer: `/${list}/${index}/product_id`,
    detail: `product ${product(number)} is in the cart twice`,
  });
  assert.deepEqual(errorsOf([line(1, 1), line(2, 1), line(1, 2), line(1, 3)]), [twice('lines', 2, 1), twice('lines', 3, 1)]);
  assert.deepEqual(errorsOf([line(1, 1)], [line(2, 1), line(1, 1)]), [twice('later', 1, 1)]);
});

test('100 lines can be kept for later, and what was added stands in order of product', () => {
  const full = mergeIntoCart({ lines: many(0, 100), later: many(100, 98) }, many(300, 2));
  assert.equal(full.later.length, 100);
  const added = mergeIntoCart(empty, many(0, 20)).lines.map(({ product_id }) => product_id);
  assert.deepEqual(added, added.toSorted());
});

test('two carts are the same when both lists are, line by line', () => {
  const cart = { lines: [line(1, 2), line(2, 3, 'raised')], later: [line(3, 1)] };
  assert.ok(isSameCart(cart, structuredClone(cart)));
  for (const other of [
    { lines: [line(1, 2)], later: [line(3, 1)] },
    { lines: [...cart.lines, line(9, 1)], later: cart.later },
    { lines: [line(1, 2), line(4, 3, 'raised')], later: cart.later },
    { lines: [line(1, 2), line(2, 4, 'raised')], later: cart.later },
    { lines: [line(1, 2), line(2, 3, 'added')], later: cart.later },
    { lines: cart.lines, later: [line(3, 2)] },
    { lines: cart.lines, later: [] },
  ] as CartContent[]) {
    assert.ok(!isSameCart(cart, other), JSON.stringify(other));
    assert.ok(!isSameCart(other, cart), JSON.stringify(other));
  }
});

test('merges come to the same in any order, however often each is repeated, and lose no line', (t) => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  t.diagnostic(`seed ${seed}`);
  let state = seed || 1;
  const below = (most: number): number => {
    state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647;
    return state % most;
  };
  for (let round = 0; round < 300; round += 1) {
    const distinct = 1 + below(150);
    const someLines = (most: number) => [
      ...new Map(Array.from({ length: below(most) }, () => below(distinct)).map((number) => [number, line(number, 1 + below(9))])).values(),
    ];
    const start = writeCart(empty, { lines: someLines(60) });
    const carts = Array.from({ length: 1 + below(4) }, () => someLines(60));
    const shuffled = [...carts, ...carts, ...carts].map((cart) => [below(1_000), cart] as const).sort(([left], [right]) => left - right);
    const inTurn = carts.reduce(mergeIntoCart, start);
    const anyhow = shuffled.reduce((cart, [, lines]) => mergeIntoCart(cart, lines), start);
    assert.deepEqual(anyhow, inTurn);
    const largest = new Map<string, number>();
    for (const { product_id, quantity } of [start.lines, ...carts].flat())
      largest.set(product_id, Math.max(quantity, largest.get(product_id) ?? 0));
    const held = [...inTurn.lines, ...inTurn.later].map(({ product_id, quantity }) => [product_id, quantity]);
    assert.deepEqual(new Map(held as [string, number][]), largest);
    assert.equal(held.length, largest.size);
    assert.ok(inTurn.lines.length <= 100 && (inTurn.later.length === 0 || inTurn.lines.length === 100));
  }
});
