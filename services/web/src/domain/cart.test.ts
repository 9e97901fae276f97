import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Cart,
  cartLinesMax,
  changeLine,
  emptyCart,
  lineQuantityMax,
  orderKeyOf,
  piecesIn,
  readCart,
  renewCart,
  writeCart,
} from './cart.ts';

const id = 'AAECAwQFBgcICQoLDA0ODw';
const product = (number: number): string => `0198c58f-f00d-7c55-b9a8-${number.toString(16).padStart(12, '0')}`;
const cartOf = (...quantities: number[]): Cart => ({
  id,
  version: 3,
  lines: quantities.map((quantity, index) => ({ product_id: product(index), quantity })),
  ordered: undefined,
  saved: undefined,
});

describe('the cart of a device', () => {
  test('is read as it was written, up to fifty lines in a cookie that browsers keep', () => {
    const ordered = { cart_id: 'Dw4NDAsKCQgHBgUEAwIBAA', order_id: product(9) };
    for (const cart of [
      emptyCart(id),
      cartOf(1),
      cartOf(35, 36, lineQuantityMax),
      { ...cartOf(2), ordered },
      { ...emptyCart(id), ordered },
      { ...emptyCart(id), saved: { owner: '0123abcd', version: 0, is_same: true } },
      { ...cartOf(3, 4), ordered, saved: { owner: 'ffffffff', version: Number.MAX_SAFE_INTEGER, is_same: false } },
    ])
      assert.deepEqual(readCart(writeCart(cart)), cart);
    const saved = { owner: '0123abcd', version: Number.MAX_SAFE_INTEGER, is_same: true };
    const full = { ...cartOf(...Array.from({ length: cartLinesMax }, () => lineQuantityMax)), ordered, version: 1_000_000, saved };
    assert.deepEqual(readCart(writeCart(full)), full);
    assert.ok(writeCart(full).length < 1_500);
    assert.match(writeCart(full), /^[\w.~-]+$/, 'nothing that a cookie would have to quote');
  });

  test('is none when its text is of something else, cut, or changed by hand', () => {
    const good = writeCart(cartOf(1, 2));
    const line = writeCart(cartOf(5)).split('.').at(-1);
    const wrong = [
      '',
      'v1',
      'j%3A%7B%7D',
      good.slice(0, -5),
      good.slice(0, 28),
      `${good}~`,
      `${good}.x`,
      `${good}.0123abcd`,
      `${good}.0123abcd_`,
      `${good}.0123ABCD_1`,
      `${good}~.0123abcd_1`,
      `${good}.0123abcd_1.0123abcd_1`,
      good.replace('v1', 'v2'),
      good.replace(id, `${id}x`),
      // Its last sign has bits that no byte has.
      good.replace(id, `${id.slice(0, -1)}x`),
      good.replace('.3.', '.zzzzzz.'),
      good.replace('.-.', `.${id}.`),
      `v1.${id}.3.-.${line}~${line}`,
      `v1.${id}.3.-.${line?.slice(0, 22)}0`,
      `v1.${id}.3.-.${line?.slice(0, 22)}05`,
      `v1.${id}.3.-.${line?.slice(0, 22)}zzz`,
      writeCart(cartOf(...Array.from({ length: cartLinesMax + 1 }, () => 1))),
      `v1.${id}.3.-.${'x'.repeat(100_000)}`,
    ];
    for (const text of wrong) assert.equal(readCart(text), undefined, text.slice(0, 100));
  });

  const rows = [
    { before: [], change: 'add', of: 0, quantity: 2, after: [2], outcome: 'changed' },
    { before: [1], change: 'add', of: 0, quantity: 2, after: [3], outcome: 'changed' },
    { before: [lineQuantityMax - 1], change: 'add', of: 0, quantity: 2, after: [lineQuantityMax], outcome: 'line_full' },
    { before: [lineQuantityMax], change: 'add', of: 0, quantity: 1, after: [lineQuantityMax], outcome: 'line_full' },
    { before: [1, 4], change: 'set', of: 1, quantity: 2, after: [1, 2], outcome: 'changed' },
    { before: [1, 4], change: 'set', of: 1, quantity: 4, after: [1, 4], outcome: 'unchanged' },
    { before: [1, 4], change: 'set', of: 0, quantity: 0, after: [4], outcome: 'changed' },
    { before: [1, 4], change: 'remove', of: 1, quantity: 9, after: [1], outcome: 'changed' },
    { before: [1], change: 'remove', of: 7, quantity: 1, after: [1], outcome: 'unchanged' },
    { before: [1], change: 'set', of: 7, quantity: 0, after: [1], outcome: 'unchanged' },
  ] as const;
  for (const { before, change, of, quantity, after, outcome } of rows)
    test(`${change} ${quantity} of product ${of} to [${before.join()}] is [${after.join()}]: ${outcome}`, () => {
      const cart = cartOf(...before);
      const changed = changeLine(cart, { product_id: product(of), quantity, change });
      assert.deepEqual(
        changed.cart.lines.map((line) => line.quantity),
        after,
      );
      assert.equal(changed.outcome, outcome);
      const isOther = after.join() !== before.join();
      assert.equal(changed.cart.version, cart.version + Number(isOther), 'a cart that is another has another key');
    });

  test('takes no fifty-first product, and more of the fifty it has', () => {
    const full = cartOf(...Array.from({ length: cartLinesMax }, () => 1));
    assert.deepEqual(changeLine(full, { product_id: product(99), quantity: 1, change: 'add' }), { cart: full, outcome: 'cart_full' });
    assert.equal(piecesIn(changeLine(full, { product_id: product(7), quantity: 1, change: 'add' }).cart), cartLinesMax + 1);
  });

  test('is ordered under another key after each change, and after a payment was declined', () => {
    const cart = cartOf(1);
    assert.equal(orderKeyOf(cart), `${id}:3`);
    assert.equal(orderKeyOf(renewCart(cart)), `${id}:4`);
    assert.deepEqual(renewCart(cart).lines, cart.lines);
  });
});
