import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AppError } from '@souk/kernel';
import fc from 'fast-check';
import type { OrderLine } from './price-order.ts';
import {
  announcedItems,
  announcedWith,
  checkStep,
  countedPieces,
  decideReceipt,
  decideRefund,
  decideReturn,
  type ReturnRecord,
  type ReturnState,
  type ReturnStep,
  shareOfPieces,
  shownReturn,
} from './return.ts';

const tea: OrderLine = {
  product_id: 'tea',
  sku: 'TEA',
  name: 'Green tea',
  quantity: 3,
  price: 400,
  line_total: 1_200,
  paid: 1_000,
  shipping: 100,
};
const cup: OrderLine = { product_id: 'cup', sku: 'CUP', name: 'Cup', quantity: 1, price: 500, line_total: 500 };
const lines = [tea, cup];

const aReturn = (values: Partial<ReturnRecord> = {}): ReturnRecord => ({
  id: 'return-1',
  number: 'R-10001',
  order_id: 'order-1',
  user_id: 'user-1',
  state: 'received',
  items: [{ product_id: 'tea', name: 'Green tea', quantity: 1, restock: 1, write_off: 0, from: null }],
  currency: 'EUR',
  refund: null,
  announced: ['requested', 'approved', 'received'],
  version: 1,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  ...values,
});

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as AppError).code;
  }
  return 'not refused';
}

test('each state is announced once, and that a refund is on its way is not', () => {
  assert.deepEqual(announcedWith([], 'requested'), ['requested']);
  assert.deepEqual(announcedWith(['requested', 'approved'], 'received'), ['requested', 'approved', 'received']);
  assert.deepEqual(announcedWith(['requested'], 'refunding'), ['requested']);
  assert.deepEqual(announcedWith(['requested', 'received'], 'received'), ['requested', 'received']);
});

test('a notification is about what was announced, and about what arrived once something did', () => {
  const items = [
    { product_id: 'tea', name: 'Green tea', quantity: 3, restock: 1, write_off: 1, from: null },
    { product_id: 'cup', name: 'Cup', quantity: 1, restock: 0, write_off: 0, from: null },
  ];
  const quantities = (state: string) => announcedItems(items, state).map(({ product_id, quantity }) => `${quantity} ${product_id}`);
  for (const state of ['requested', 'approved', 'rejected', 'closed']) assert.deepEqual(quantities(state), ['3 tea', '1 cup']);
  for (const state of ['received', 'refunded']) assert.deepEqual(quantities(state), ['2 tea']);
});

test('any split of a line adds up to exactly what was paid for it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1_000_000_000_000 }),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }),
      (paid, split) => {
        const quantity = split.reduce((sum, pieces) => sum + pieces, 0);
        let [from, sum] = [0, 0];
        for (const pieces of split) {
          const amount = shareOfPieces(paid, quantity, from, pieces);
          assert.ok(Number.isSafeInteger(amount) && amount >= 0);
          from += pieces;
          sum += amount;
        }
        assert.equal(sum, paid);
      },
    ),
  );
});

test('a return holds what was sent and is in no other return', () => {
  const sent = [{ product_id: 'tea', quantity: 2 }];
  const wanted = (quantity: number) => [{ product_id: 'tea', quantity, reason: 'too bitter' }];
  assert.deepEqual(decideReturn(lines, sent, [], wanted(2)), [
    { product_id: 'tea', name: 'Green tea', quantity: 2, reason: 'too bitter', restock: 0, write_off: 0, from: null },
  ]);
  assert.equal(
    codeOf(() => decideReturn(lines, sent, [], wanted(3))),
    'return_too_large',
  );
  assert.equal(
    codeOf(() => decideReturn(lines, sent, [], [...wanted(1), ...wanted(2)])),
    'return_too_large',
  );
  assert.equal(
    codeOf(() => decideReturn(lines, sent, [aReturn({ state: 'requested' })], wanted(2))),
    'return_too_large',
  );
  assert.equal(decideReturn(lines, sent, [aReturn({ state: 'rejected' }), aReturn({ state: 'closed' })], wanted(2)).length, 1);
  assert.equal(
    codeOf(() => decideReturn(lines, sent, [], [{ product_id: 'cup', quantity: 1 }])),
    'return_too_large',
    'never sent',
  );
  assert.equal(
    codeOf(() => decideReturn(lines, sent, [], [{ product_id: 'pot', quantity: 1 }])),
    'return_items_unknown',
  );
});

test('what was announced counts until it has arrived; then what has arrived', () => {
  const items = [{ product_id: 'tea', name: 'Green tea', quantity: 3, restock: 1, write_off: 1, from: null }];
  const counted = (state: ReturnState) => countedPieces(aReturn({ state, items })).map(({ quantity }) => quantity);
  assert.deepEqual([counted('requested'), counted('approved'), counted('received'), counted('refunded')], [[3], [3], [2], [2]]);
  assert.deepEqual([counted('rejected'), counted('closed')], [[], []]);
});

test('no more arrives than was announced, and not nothing', () => {
  const { items } = aReturn({ items: [{ product_id: 'tea', name: 'Green tea', quantity: 2, restock: 0, write_off: 0, from: null }] });
  const arrives = (restock: number, write_off: number, product_id = 'tea') => decideReceipt(items, [{ product_id, restock, write_off }]);
  assert.deepEqual(
    arrives(1, 1).map(({ restock, write_off }) => [restock, write_off]),
    [[1, 1]],
  );
  assert.equal(
    codeOf(() => arrives(2, 1)),
    'return_too_large',
  );
  assert.equal(
    codeOf(() => arrives(0, 0)),
    'return_too_large',
  );
  assert.equal(
    codeOf(() => arrives(1, 0, 'cup')),
    'return_items_unknown',
  );
});

test('each step is taken in one state only', () => {
  const states = ['requested', 'approved', 'received', 'refunding', 'refunded', 'rejected', 'closed'] as const;
  const allowed = (step: ReturnStep) => states.filter((state) => codeOf(() => checkStep({ state }, step)) === 'not refused');
  assert.deepEqual([allowed('approve'), allowed('reject'), allowed('close')], [['requested'], ['requested'], ['approved']]);
  assert.deepEqual([allowed('receive'), allowed('refund')], [['approved'], ['received']]);
});

test('a refund gives the share of the pieces that arrived, and of the shipping what is asked for', () => {
  const none = decideRefund(lines, aReturn(), [], { shipping: 'none', deduction: 0 });
  assert.deepEqual(none.refund, { items_amount: 333, shipping_amount: 0, deduction: 0, amount: 333 });
  assert.deepEqual(
    none.items.map(({ from }) => from),
    [0],
  );
  assert.equal(decideRefund(lines, aReturn(), [], { shipping: 'share', deduction: 0 }).refund.shipping_amount, 33);
  assert.deepEqual(decideRefund(lines, aReturn(), [], { shipping: 'all', deduction: 300 }).refund, {
    ...{ items_amount: 333, shipping_amount: 100, deduction: 300, amount: 133 },
  });
  assert.equal(
    codeOf(() => decideRefund(lines, aReturn(), [], { shipping: 'none', deduction: 334 })),
    'deduction_too_large',
  );
});

test('later returns go on where earlier ones ended, also where a refund was refused, and shipping is given back once', () => {
  const refund = { refund_id: 'refund-1', items_amount: 333, shipping_amount: 100, deduction: 0, amount: 433 };
  const placed = [{ product_id: 'tea', name: 'Green tea', quantity: 1, restock: 1, write_off: 0, from: 0 }];
  const first = aReturn({ id: 'return-0', state: 'refunded', items: placed, refund });
  const second = decideRefund(lines, aReturn(), [first], { shipping: 'all', deduction: 0 });
  assert.deepEqual([second.items[0]?.from, second.refund.items_amount, second.refund.shipping_amount], [1, 333, 0]);
  const refused = { ...first, state: 'received' as const };
  const after_refusal = decideRefund(lines, aReturn(), [refused], { shipping: 'all', deduction: 0 });
  assert.deepEqual([after_refusal.items[0]?.from, after_refusal.refund.shipping_amount], [1, 100]);
  assert.equal(decideRefund(lines, refused, [], { shipping: 'none', deduction: 0 }).items[0]?.from, 0, 'its own place stays');
  const unpaid = aReturn({ items: [{ product_id: 'cup', name: 'Cup', quantity: 1, restock: 0, write_off: 1, from: null }] });
  assert.equal(
    decideRefund(lines, unpaid, [], { shipping: 'none', deduction: 0 }).refund.amount,
    500,
    'without a discount what the line says',
  );
});

test('a return is shown in major units, without places', () => {
  const refund = { refund_id: null, items_amount: 333, shipping_amount: 0, deduction: 333, amount: 0, reason: 'broken' };
  const shown = shownReturn(
    aReturn({ refund, items: [{ product_id: 'tea', name: 'Green tea', quantity: 1, reason: 'x', restock: 0, write_off: 1, from: 0 }] }),
  );
  assert.deepEqual(shown.refund, { refund_id: null, items_amount: 3.33, shipping_amount: 0, deduction: 3.33, amount: 0, reason: 'broken' });
  assert.deepEqual(shown.items, [{ product_id: 'tea', name: 'Green tea', quantity: 1, reason: 'x', restock: 0, write_off: 1 }]);
});
