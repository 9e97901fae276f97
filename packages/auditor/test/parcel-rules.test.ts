/** Parcels, each rule broken once by records that nothing but a fault could bring about; and what is in balance. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderRecord, ParcelRecord } from '@souk/auditor';
import { type Broken, eachIsFound, messagesOfAll, type Parts, rulesOf, shipped } from './_states.ts';
import { aHistory, aNote, anOrder, aReservation, aShop, orderId, orderMessages, productId } from './_support.ts';

const product_id = productId(1);
const parcel = (number: number, quantity = 1): ParcelRecord => ({
  parcel_id: orderId(100 + number),
  number,
  items: [{ product_id, quantity }],
});
const left = (...numbers: number[]) => numbers.map((number) => ({ parcel_id: orderId(100 + number), product_id, quantity: 1 }));
const steps = (last: 'shipped' | 'completed') => [
  ...aHistory(['pending', 'awaiting_payment', 'confirmed', 'shipped']),
  aNote(5, 'shipped', `parcel:${orderId(102)}`),
  ...(last === 'completed' ? [{ ...aNote(6, 'completed', ''), from: 'shipped' as const, note_key: null }] : []),
];
const reserved = { product_id, kind: 'reserved' as const, on_hand_change: 0, reserved_change: 2, movements: 1 };
const shippedOnce = { product_id, kind: 'shipped' as const, on_hand_change: -1, reserved_change: -1, movements: 1 };

/** Two pieces in two parcels. */
const twoParcels = (order: Partial<OrderRecord> = {}, reservation: Partial<Parameters<typeof aReservation>[0]> = {}): Parts => ({
  ...shipped,
  orders: [anOrder({ status: 'shipped', history: steps('shipped'), unsent_pieces: 0, parcels: [parcel(1), parcel(2)], ...order } as never)],
  reservations: [
    aReservation({ status: 'shipped', shipped_items: left(1, 2), movements: [reserved, shippedOnce, shippedOnce], ...reservation }),
  ],
  order_messages: [orderMessages({ 'order.confirmed': 1, 'order.shipped': 1, 'order.parcel_sent': 1 })],
});
/** One of two pieces is still to be sent. */
const partial = (order: Partial<OrderRecord> = {}, reservation: Partial<Parameters<typeof aReservation>[0]> = {}): Parts => ({
  ...shipped,
  orders: [anOrder({ status: 'shipped', unsent_pieces: 1, parcels: [parcel(1)], ...order } as never)],
  reservations: [aReservation({ status: 'held', shipped_items: left(1), movements: [reserved, shippedOnce], ...reservation })],
});

test('orders that were sent in parts, in two parcels, and as a whole before parcels were kept, are in balance', async () => {
  for (const parts of [partial(), twoParcels(), shipped]) assert.deepEqual(await rulesOf(aShop(parts)), []);
  const completed = { status: 'completed' as const, history: steps('completed') };
  const order_messages = [orderMessages({ ...messagesOfAll, 'order.parcel_sent': 1 })];
  assert.deepEqual(await rulesOf(aShop({ ...twoParcels(completed), order_messages })), []);
  const whole = { parcels: [parcel(1, 2)], unsent_pieces: null };
  assert.deepEqual(await rulesOf(aShop({ ...shipped, orders: [anOrder({ status: 'shipped', ...whole })] })), []);
});

const broken: readonly Broken[] = [
  ['more was sent than was ordered', ['parcels_differ'], twoParcels({ parcels: [parcel(1), parcel(2, 2)] })],
  [
    'a parcel holds what was not ordered',
    ['parcels_differ'],
    partial({ parcels: [{ ...parcel(1), items: [{ product_id: productId(7), quantity: 1 }] }] }),
  ],
  ['two parcels have one number', ['parcels_differ'], twoParcels({ parcels: [parcel(1), { ...parcel(2), number: 1 }] })],
  ['an order says that more is to be sent than is', ['parcels_differ'], partial({ unsent_pieces: 2 })],
  ['another parcel left the stock', ['parcels_differ'], partial({}, { shipped_items: left(2) })],
  ['a parcel was sent and nothing left the stock', ['parcels_differ'], partial({}, { shipped_items: null, movements: [reserved] })],
  ['an order has pieces to send and no parcel', ['parcels_differ'], partial({ parcels: [] })],
  ['a confirmed order has a parcel', ['parcels_differ'], { orders: [anOrder({ parcels: [parcel(1)] })] }],
  [
    'what was sent in part is not held any more',
    ['sold_without_stock', 'movements_differ'].sort(),
    partial({}, { status: 'shipped', shipped_items: left(1), movements: [reserved] }),
  ],
  ['pieces of a parcel left the stock twice', ['movements_differ'], partial({}, { movements: [reserved, shippedOnce, shippedOnce] })],
  [
    'there is no message about a further parcel',
    ['never_told'],
    { ...twoParcels(), order_messages: [orderMessages({ 'order.confirmed': 1, 'order.shipped': 1 })] },
  ],
  [
    'there is a message about a parcel that was not sent',
    ['message_without_cause'],
    { ...partial(), order_messages: [orderMessages({ 'order.confirmed': 1, 'order.shipped': 1, 'order.parcel_sent': 1 })] },
  ],
  [
    'a completed order was not sent as a whole',
    ['parcels_differ', 'sold_without_stock'],
    {
      ...partial({ status: 'completed', history: aHistory(['pending', 'awaiting_payment', 'confirmed', 'shipped', 'completed']) }),
      order_messages: [orderMessages(messagesOfAll)],
    },
  ],
];

eachIsFound(broken);
