import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Rule } from '../src/evidence.ts';
import { judge } from '../src/judge.ts';
import { type Broken, evidence, parcelOf, placed, scarceId, seenAt, withCode, withReturn } from './_evidence.ts';

type Break = readonly [string, Rule, (of: Broken) => void];

const breaks: readonly Break[] = [
  ['an acknowledged order is not there', 'order_lost', ({ exchanges }) => exchanges.push(placed('missing'))],
  ['an order has other lines', 'order_changed', ({ end }) => Object.assign(end.orders[0]?.items[0] as object, { quantity: 3 })],
  ['an order has another total', 'order_changed', ({ end }) => Object.assign(end.orders[0] as object, { total_amount: 1_999 })],
  ['an order has another customer', 'order_changed', ({ end }) => Object.assign(end.orders[0] as object, { user_id: 'user-2' })],
  ['an order waits for ever', 'order_not_ended', ({ end }) => Object.assign(end.orders[0] as object, { status: 'awaiting_payment' })],
  [
    'a deadline passed early',
    'deadline_early',
    ({ end }) => Object.assign(end.orders[2] as object, { cancel_reason: 'payment_timeout', lasted_s: 12 }),
  ],
  ['one key stands for two orders', 'order_doubled', ({ exchanges }) => exchanges.push(placed('sent', { key: 'key-kept' }))],
  ['a customer has more orders than he asked for', 'order_doubled', ({ exchanges }) => exchanges.splice(1, 1)],
  [
    'an order is of a stranger',
    'order_unknown',
    ({ end }) => end.orders.push({ ...(end.orders[2] as Broken['end']['orders'][number]), id: 'x', user_id: 'nobody' }),
  ],
  ['an answer was never true', 'answer_never_true', ({ exchanges }) => exchanges.push(seenAt('kept', 'cancelled', 3, 200))],
  ['an order went back', 'answer_went_back', ({ exchanges }) => exchanges.push(seenAt('kept', 'awaiting_payment', 2, 300))],
  [
    'an own order was not found',
    'own_order_not_found',
    ({ exchanges }) =>
      exchanges.push({ ...seenAt('kept', 'confirmed', 3, 300), status: 404, answer: undefined } as Broken['exchanges'][number]),
  ],
  ['more is sold than there was', 'oversold', ({ stock }) => (stock as Map<string, number>).set(scarceId, 3)],
  ['stock is held for no order', 'stock_not_as_ordered', ({ end }) => Object.assign(end.stock[0] as object, { reserved: 3 })],
  ['stock has left for no order', 'stock_not_as_ordered', ({ end }) => Object.assign(end.stock[0] as object, { on_hand: 1 })],
  ['an adjustment was never asked for', 'adjustment_lost', ({ end }) => Object.assign(end.stock[0] as object, { adjusted: 1, on_hand: 3 })],
  [
    'an adjustment is lost',
    'adjustment_lost',
    ({ exchanges }) =>
      exchanges.push({
        ...{ asked: 'adjust', client: 'staff', product_id: scarceId, key: 'a', quantity_change: 5, sent_at: 0 },
        ...{ answered_at: 1, status: 201, code: undefined },
      }),
  ],
  [
    'buyers were refused what is left',
    'not_sold_out',
    ({ stock, end }) => {
      (stock as Map<string, number>).set(scarceId, 5);
      Object.assign(end.stock[0] as object, { on_hand: 3 });
    },
  ],
  ['an order is charged twice', 'charged_twice', ({ end }) => Object.assign(end.charges[2] as object, { charges: 2 })],
  ['an order is confirmed and not paid', 'charged_otherwise', ({ end }) => end.charges.splice(0, 1)],
  ['an order is charged too little', 'charged_otherwise', ({ end }) => Object.assign(end.charges[0] as object, { charged: 1_000 })],
  [
    'something is charged that is no order',
    'charged_otherwise',
    ({ end }) => end.charges.push({ order_id: 'none', charges: 1, charged: 1, refunded: 0, refunds: [] }),
  ],
  ['money of a cancelled order is kept', 'money_kept', ({ end }) => Object.assign(end.charges[2] as object, { refunded: 1_500 })],
  [
    'a refund is lost',
    'refund_lost',
    ({ exchanges }) =>
      exchanges.push({
        ...{ asked: 'refund', client: 'staff', order_id: 'kept', payment_id: 'p', key: 'r', amount: 100, sent_at: 0 },
        ...{ answered_at: 1, status: 201, code: undefined },
      }),
  ],
  [
    'an order costs more than its goods',
    'price_wrong',
    ({ end, exchanges }) => {
      Object.assign(end.orders[0] as object, { total_amount: 2_001 });
      Object.assign((exchanges[0] as { answer: object }).answer, { total_amount: 20.01 });
    },
  ],
  ['lines do not add up to the total', 'price_wrong', ({ end }) => Object.assign(end.orders[0]?.items[0] as object, { paid: 1_999 })],
  [
    'an acknowledged parcel is not there',
    'parcel_lost',
    ({ exchanges }) => exchanges.push({ ...parcelOf('sent', 'parcel-2', 1), key: 'other' }),
  ],
  ['a parcel holds other pieces', 'parcel_lost', ({ end }) => Object.assign(end.parcels[0]?.items[0] as object, { quantity: 1 })],
  [
    'one key stands for two parcels',
    'parcel_doubled',
    ({ exchanges }) => exchanges.push({ ...parcelOf('sent', 'x', 2), key: 'parcel-parcel-1' }),
  ],
  [
    'there are more parcels than were asked for',
    'parcel_doubled',
    ({ end }) => end.parcels.push({ id: 'parcel-2', order_id: 'sent', items: [] }),
  ],
  [
    'a piece is in two parcels',
    'parcels_not_as_ordered',
    ({ end }) => end.parcels.push({ id: 'parcel-2', order_id: 'sent', items: [{ product_id: scarceId, quantity: 1 }] }),
  ],
  [
    'pieces are said to be sent that are not',
    'parcels_not_as_ordered',
    ({ end }) => Object.assign(end.orders[1] as object, { unsent_pieces: 1 }),
  ],
  [
    'an order that was not sent has a parcel',
    'parcels_not_as_ordered',
    ({ end }) => Object.assign(end.orders[1] as object, { status: 'confirmed' }),
  ],
  [
    'an order is completed with pieces left',
    'parcels_not_as_ordered',
    ({ end }) => {
      Object.assign(end.orders[1] as object, { status: 'completed', unsent_pieces: 1 });
      Object.assign(end.parcels[0]?.items[0] as object, { quantity: 1 });
    },
  ],
  ['a refund was never asked for', 'refund_unasked', ({ end }) => Object.assign(end.charges[0] as object, { refunded: 100 })],
];

const breaksOfCodes: readonly Break[] = [
  [
    'an order that is not cancelled has a use too many',
    'code_overused',
    ({ end }) => Object.assign(end.orders[1] as object, { discounts: [{ code: 'HOT', amount: 250 }] }),
  ],
  [
    'more uses are held than there are',
    'code_overused',
    ({ end }) => end.redemptions.push({ order_id: 'sent', code_key: 'HOT', state: 'held' }),
  ],
  [
    'one use was granted twice, and one of the two orders was cancelled later',
    'code_overused',
    ({ end, exchanges }) => {
      Object.assign(exchanges[2] as object, { promotion_code: 'HOT', answered_at: 20 });
      exchanges.push({ ...seenAt('gone', 'cancelled', 4, 90), asked: 'cancel' } as Broken['exchanges'][number]);
      Object.assign(end.orders[2] as object, { cancel_reason: 'customer_request' });
    },
  ],
  ['a cancelled order holds a use', 'code_kept', ({ end }) => Object.assign(end.redemptions[0] as object, { order_id: 'gone' })],
  [
    'buyers were refused a use that is left',
    'code_not_used_up',
    (of) => Object.assign(of, { code: { code: 'HOT', uses: 2, part: 125_000 } }),
  ],
  [
    'a discount is not what was answered',
    'discount_changed',
    ({ end }) => Object.assign(end.orders[0]?.discounts[0] as object, { amount: 249 }),
  ],
  [
    'a code was accepted and takes nothing off',
    'price_wrong',
    ({ end, exchanges }) => {
      Object.assign(end.orders[0] as object, { discounts: [], total_amount: 2_000 });
      Object.assign((exchanges[0] as { answer: object }).answer, { totals: {}, total_amount: 20 });
    },
  ],
];

const breaksOfReturns: readonly Break[] = [
  ['an acknowledged return is not there', 'return_lost', ({ end }) => end.returns.splice(0, 1)],
  ['a return has other pieces', 'return_lost', ({ end }) => Object.assign(end.returns[0]?.items[0] as object, { quantity: 2 })],
  [
    'what arrived is not what was noted',
    'return_lost',
    ({ end }) => Object.assign(end.returns[0]?.items[0] as object, { restock: 0, write_off: 1 }),
  ],
  [
    'a return was never asked for',
    'return_doubled',
    ({ end }) => end.returns.push({ id: 'return-2', order_id: 'sent', state: 'requested', items: [], refund: null }),
  ],
  [
    'more comes back than was sent',
    'returned_too_much',
    ({ end }) => Object.assign(end.returns[0]?.items[0] as object, { quantity: 3, restock: 3 }),
  ],
  ['a refund has not ended', 'return_not_ended', ({ end }) => Object.assign(end.returns[0] as object, { state: 'refunding' })],
  [
    'a refund is of the price of the list',
    'return_refund_wrong',
    ({ end }) => Object.assign(end.orders[1]?.items[0] as object, { paid: 1_750 }),
  ],
  [
    'the provider gave it twice',
    'return_refund_wrong',
    ({ end }) => Object.assign(end.charges[1] as object, { refunds: Array(2).fill({ key: 'refund-1', amount: 1_000 }) }),
  ],
  ['the provider gave nothing', 'return_refund_wrong', ({ end }) => Object.assign(end.charges[1] as object, { refunds: [] })],
  [
    'the provider gave what was refused',
    'return_refund_wrong',
    ({ end }) => Object.assign(end.returns[0] as object, { state: 'received' }),
  ],
  [
    'a client was answered another refund',
    'return_refund_wrong',
    ({ exchanges }) => Object.assign((exchanges.at(-1) as { answer_return: { refund: object } }).answer_return.refund, { amount: 9 }),
  ],
  [
    'one piece is paid back in two returns',
    'return_refund_wrong',
    ({ end }) => end.returns.push({ ...(end.returns[0] as Broken['end']['returns'][number]), id: 'return-2' }),
  ],
  [
    'what came back is not in stock',
    'stock_not_as_ordered',
    ({ end }) => Object.assign(end.stock[0] as object, { on_hand: 2, returned: 0 }),
  ],
];

function says(rule: Rule, broken: Broken, break_it: (of: Broken) => void): void {
  break_it(broken);
  const rules = judge(broken).map((violation) => violation.rule);
  assert.ok(rules.includes(rule), `${rule} is not among: ${rules.join(', ') || 'nothing'}`);
}

describe('the judge', () => {
  it('finds nothing where everything held', () => {
    assert.deepEqual(judge(evidence()), []);
  });

  for (const [what, rule, break_it] of breaks) it(`says ${rule} when ${what}`, () => says(rule, evidence(), break_it));

  for (const [what, rule, break_it] of breaksOfCodes) it(`says ${rule} when ${what}`, () => says(rule, withCode(), break_it));

  for (const [what, rule, break_it] of breaksOfReturns) it(`says ${rule} when ${what}`, () => says(rule, withReturn(), break_it));

  it('finds nothing in a code that is used up, and in goods that came back', () => {
    assert.deepEqual(judge(withReturn(withCode())), []);
  });

  it('forgives what was never answered: it may have been done or not', () => {
    const open = evidence();
    open.exchanges.push(placed('unanswered', { status: undefined, answer: undefined, key: undefined }));
    const asked = {
      asked: 'adjust',
      client: 'staff',
      product_id: scarceId,
      key: 'a',
      quantity_change: 5,
      sent_at: 0,
      answered_at: 1,
    } as const;
    open.exchanges.push({ ...asked, status: undefined, code: undefined });
    assert.deepEqual(judge(open), []);
  });

  it('lets two looks that crossed see either state', () => {
    const crossed = evidence();
    crossed.exchanges.push(seenAt('kept', 'awaiting_payment', 2, 101));
    assert.deepEqual(judge(crossed), []);
  });
});
