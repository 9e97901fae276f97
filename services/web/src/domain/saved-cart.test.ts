import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Cart, cartLinesMax, changeLine, emptyCart } from './cart.ts';
import { asSaved, overflowOf, ownerSign, stepOf } from './saved-cart.ts';

const product = (number: number): string => `0198c58f-f00d-7c55-b9a8-${number.toString(16).padStart(12, '0')}`;
const linesOf = (...quantities: number[]) => quantities.map((quantity, index) => ({ product_id: product(index), quantity }));
const savedOf = (version: number, ...quantities: number[]) => ({ version, lines: linesOf(...quantities), later: [] });
const [nora, mine] = [ownerSign('0198c58f-f00d-7c55-b9a8-00000000000a'), ownerSign('0198c58f-f00d-7c55-b9a8-00000000000b')];

describe('the cart of a device and that of the account', () => {
  const cart = (saved: Cart['saved'], ...quantities: number[]): Cart => ({
    ...emptyCart('AAECAwQFBgcICQoLDA0ODw'),
    lines: linesOf(...quantities),
    saved,
  });
  for (const [what, of, saved, expected] of [
    ['of a stranger are joined', cart(undefined, 1), savedOf(7, 2), 'merge'],
    ['of a stranger without any are those of the account', cart(undefined), savedOf(7, 2), 'take'],
    ['that were the same are what the account has now', cart({ owner: mine, version: 6, is_same: true }, 1), savedOf(7, 2), 'take'],
    ['that were changed here alone are written', cart({ owner: mine, version: 7, is_same: false }, 1), savedOf(7, 2), 'write'],
    ['that were emptied here alone are emptied there', cart({ owner: mine, version: 7, is_same: false }), savedOf(7, 2), 'write'],
    ['that were changed in both places are joined', cart({ owner: mine, version: 6, is_same: false }, 1), savedOf(7, 2), 'merge'],
    ['of another account are left aside', cart({ owner: nora, version: 7, is_same: false }, 1), savedOf(7, 2), 'take'],
  ] as const)
    test(`lines ${what}`, () => assert.equal(stepOf(of, saved, mine), expected));

  test('are the same from then on, under another key only where there are other lines', () => {
    const before = cart(undefined, 1, 2);
    const after = asSaved(before, { version: 9, lines: linesOf(1, 3).toReversed(), later: [] }, mine);
    assert.deepEqual(after.saved, { owner: mine, version: 9, is_same: true });
    assert.deepEqual([after.version, after.lines], [before.version + 1, linesOf(1, 3).toReversed()]);
    const again = asSaved(after, { version: 10, lines: linesOf(1, 3), later: [] }, mine);
    assert.deepEqual([again.version, again.lines, again.saved?.version], [after.version, after.lines, 10]);
    const changed = changeLine(again, { product_id: product(0), quantity: 1, change: 'add' }).cart;
    assert.deepEqual(changed.saved, { owner: mine, version: 10, is_same: false });
  });

  test('lose no line where the account has more than a device holds', () => {
    const all = Array.from({ length: cartLinesMax + 2 }, (_, index) => index + 1);
    assert.equal(overflowOf(savedOf(1, ...all.slice(0, cartLinesMax))), undefined);
    const later = linesOf(...all).slice(-1);
    assert.deepEqual(overflowOf({ ...savedOf(1, ...all), later: [...later, { product_id: product(99), quantity: 1 }] }), {
      lines: linesOf(...all).slice(0, cartLinesMax),
      later: [...linesOf(...all).slice(cartLinesMax), { product_id: product(99), quantity: 1 }],
    });
  });

  test('are told apart by a sign of eight digits that is no id', () => {
    assert.match(mine, /^[0-9a-f]{8}$/);
    assert.notEqual(nora, mine);
  });
});
