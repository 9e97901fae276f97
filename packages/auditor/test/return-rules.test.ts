/** Returns, each rule broken once by records that nothing but a fault could bring about; and what is in balance. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReturnRecord } from '@souk/auditor';
import { type Broken, eachIsFound, type Parts, rulesOf, shipped } from './_states.ts';
import { aCharge, aHistory, anOrder, aPayment, aReservation, aShop, orderMessages, productId, refundId } from './_support.ts';

const product_id = productId(1);
const line = { product_id, quantity: 1, restock: 1, write_off: 0, from: 0 };
const refund = { refund_id: refundId(), items_amount: 12_995, shipping_amount: 0, deduction: 0, amount: 12_995 };
const aReturn = (values: Partial<ReturnRecord> = {}): ReturnRecord => ({
  return_id: productId(9),
  state: 'refunded',
  items: [line],
  refund,
  ...values,
});
const steps = ['pending', 'awaiting_payment', 'confirmed', 'shipped'] as const;
const sent = aReservation({ status: 'shipped' }).movements;
const back = { product_id, kind: 'returned' as const, on_hand_change: 1, reserved_change: 0, movements: 1 };
const made = aPayment({ refunded: 12_995 });

/** One of two pieces came back and was paid back. */
const returned = (returns: ReturnRecord[] = [aReturn()], parts: Parts = {}): Parts => ({
  ...shipped,
  orders: [anOrder({ status: 'shipped', history: aHistory(steps, [refundId()]), returns })],
  reservations: [aReservation({ status: 'shipped', movements: [...sent, back] })],
  payments: [{ ...made, refunds: made.refunds.map((one) => ({ ...one, kind: 'return' as const })) }],
  provider: [aCharge({ refunded: 12_995 })],
  order_messages: [orderMessages({ 'order.confirmed': 1, 'order.shipped': 1, 'payment.refunded': 1 })],
  ...parts,
});

test('an order of which a piece came back, and one of which nothing did, are in balance', async () => {
  assert.deepEqual(await rulesOf(aShop(returned())), []);
  const unsent = { items: [{ ...line, restock: 0, from: null }], refund: null };
  const ended = [
    aReturn({ ...unsent, state: 'rejected' }),
    aReturn({ ...unsent, state: 'closed' }),
    aReturn({ ...unsent, state: 'requested' }),
  ];
  assert.deepEqual(await rulesOf(aShop({ ...shipped, orders: [anOrder({ status: 'shipped', returns: ended })] })), []);
  const notified = [aReturn({ ...unsent, state: 'approved', announced: ['requested', 'approved'] })];
  const order_messages = [orderMessages({ 'order.confirmed': 1, 'order.shipped': 1, 'return.updated': 2 })];
  assert.deepEqual(await rulesOf(aShop({ ...shipped, orders: [anOrder({ status: 'shipped', returns: notified })], order_messages })), []);
});

const broken: readonly Broken[] = [
  ['there is no message about a state of a return that was announced', ['never_told'], returned([aReturn({ announced: ['requested'] })])],
  [
    'there is a message about a state of a return that was not announced',
    ['message_without_cause'],
    returned([aReturn({ announced: [] })], {
      order_messages: [orderMessages({ 'order.confirmed': 1, 'order.shipped': 1, 'payment.refunded': 1, 'return.updated': 1 })],
    }),
  ],
  [
    'more came back than was sent',
    ['returned_too_much'],
    returned([aReturn(), aReturn({ state: 'approved', items: [{ ...line, quantity: 2, from: null }], refund: null })]),
  ],
  [
    'a confirmed order has a return',
    ['returned_too_much'],
    { orders: [anOrder({ returns: [aReturn({ state: 'requested', items: [{ ...line, from: null }], refund: null })] })] },
  ],
  [
    'a piece that came back is not in stock',
    ['restock_differs'],
    returned([aReturn()], { reservations: [aReservation({ status: 'shipped', movements: sent })] }),
  ],
  [
    'a piece came back twice',
    ['restock_differs'],
    returned([aReturn()], { reservations: [aReservation({ status: 'shipped', movements: [...sent, back, back] })] }),
  ],
  [
    'less was frozen for a piece than was paid',
    ['refund_differs'],
    returned([aReturn({ refund: { ...refund, items_amount: 12_994, amount: 12_994 } })]),
  ],
  ['the parts of a refund do not come to it', ['refund_differs'], returned([aReturn({ refund: { ...refund, deduction: 1 } })])],
  [
    'shipping is given back that was not paid',
    ['refund_differs'],
    returned([aReturn({ refund: { ...refund, shipping_amount: 5, deduction: 5 } })]),
  ],
  ['a piece is refunded from a place that is not its own', ['refund_differs'], returned([aReturn({ items: [{ ...line, from: 1 }] })])],
  ['the money for a return was never given', ['refund_differs'], returned([aReturn({ refund: { ...refund, refund_id: productId(8) } })])],
  ['money was given for no return', ['refund_differs', 'restock_differs'], returned([])],
];

eachIsFound(broken);
