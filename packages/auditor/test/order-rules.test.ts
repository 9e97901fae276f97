/** Orders, their history, keys, deadlines and messages, each rule broken once by records that nothing but a fault could bring about. */
import { awaiting, type Broken, cancelled, eachIsFound, early, hourMs, nothing, shipped, waiting } from './_states.ts';
import {
  aCancellation,
  aCharge,
  aDelivery,
  aHistory,
  aMessaging,
  aNote,
  aNotification,
  anOrder,
  aPayment,
  aPromotion,
  aReservation,
  aUse,
  now_ms,
  orderId,
  orderMessages,
  userId,
} from './_support.ts';

const broken: readonly Broken[] = [
  ['an order waits long after its deadline', ['deadline_passed'], waiting({ status: 'pending', deadline_at_ms: now_ms - 300_000 })],
  ['an order waits for ever', ['deadline_unreachable'], waiting({ status: 'pending', deadline_at_ms: null })],
  ['an order waits longer than any order', ['deadline_unreachable'], waiting({ status: 'pending', deadline_at_ms: now_ms + hourMs })],
  [
    'stock was reserved and the order never heard of it',
    ['answer_lost'],
    { ...waiting({ status: 'pending' }), reservations: [aReservation()] },
  ],
  ['money was taken and the order never heard of it', ['answer_lost'], { ...awaiting, payments: [aPayment()], provider: [aCharge()] }],
  ['an order awaits money that was never asked for', ['answer_lost'], { ...awaiting, payments: [] }],
  ['a reservation belongs to no order', ['reservation_without_order'], { ...nothing, orders: [], reservations: [aReservation()] }],
  ['a cancellation belongs to no order', ['cancellation_without_order'], { ...nothing, orders: [], cancellations: [aCancellation()] }],
  ['the provider charged for an unknown order', ['charge_without_order'], { ...nothing, orders: [], provider: [aCharge()] }],
  ['messages are about an unknown order', ['message_without_order'], { ...nothing, orders: [], order_messages: [orderMessages()] }],
  ['an acknowledged order is gone, and its history is there', ['order_lost'], { ...nothing, orders: [anOrder({ status: null })] }],
  [
    'a step of the history is gone',
    ['history_differs'],
    { orders: [anOrder({ history: aHistory(['pending', 'confirmed']).slice(1), version: 2 })] },
  ],
  ['the history goes where no order goes', ['history_differs'], { orders: [anOrder({ history: aHistory(['pending', 'confirmed']) })] }],
  ['the order is at another version than its history', ['history_differs'], { orders: [anOrder({ version: 4 })] }],
  [
    'the order has another status than its history',
    ['history_differs'],
    { ...shipped, orders: [anOrder({ status: 'shipped', history: aHistory(['pending', 'awaiting_payment', 'confirmed']) })] },
  ],
  [
    'a note is about a status the order did not have',
    ['history_differs', 'refunds_not_noted'],
    {
      orders: [
        anOrder({
          history: aHistory(['pending', 'awaiting_payment', 'confirmed']).concat(aNote(2, 'confirmed', 'refund:of another')),
        }),
      ],
    },
  ],
  [
    'a key answers with two orders',
    ['two_orders_for_one_key'],
    { orders: [anOrder({ key_answers: { order_id: orderId(2), created_at_ms: now_ms } })] },
  ],
  [
    'a key that placed another order answers with this one',
    ['key_of_another_order'],
    { orders: [anOrder({ keys: [{ user_id: userId(1), created_at_ms: anOrder().created_at_ms, own: false }] })] },
  ],
  [
    'the key of another user answers with the order',
    ['key_of_another_order'],
    { orders: [anOrder({ keys: [{ user_id: userId(2), created_at_ms: anOrder().created_at_ms, own: true }] })] },
  ],
  ['the cart that was ordered is still there', ['cart_after_order'], { orders: [anOrder({ cart_kept: true })] }],
  [
    'a cancelled order uses a promotion',
    ['redemption_differs', 'redemption_kept'],
    { ...early, orders: early.orders.map((order) => ({ ...order, redemptions: [aUse('held')] })) },
  ],
  ['an order uses a promotion that took nothing off', ['redemption_differs'], { orders: [anOrder({ redemptions: [aUse('held')] })] }],
  ['a promotion counts more uses than there are', ['redemption_differs'], { promotions: [aPromotion({ used: 1 })] }],
  ['a code counts other uses than there are', ['redemption_differs'], { promotions: [aPromotion({ codes_differing: 1 })] }],
  ['a promotion is used more often than it may be', ['limit_exceeded'], { promotions: [aPromotion({ uses_max: 1 })] }],
  ['a code is used more often than it may be', ['limit_exceeded'], { promotions: [aPromotion({ codes_exceeded: 1 })] }],
  ['the order was changed in a time to come', ['time_to_come'], { orders: [anOrder({ updated_at_ms: now_ms + hourMs })] }],
  ['the payment is of another user', ['user_differs'], { payments: [aPayment({ user_id: userId(2) })] }],
  ['inventory knows nothing of a cancelled order', ['cancellation_unknown'], { ...early, reservations: [] }],
  ['payments knows nothing of a cancelled order', ['cancellation_unknown'], { ...early, cancellations: [] }],
  ['payments knows another reason', ['cancellation_differs'], { ...early, cancellations: [aCancellation({ reason: 'out_of_stock' })] }],
  ['a confirmed order is cancelled for payments', ['cancelled_elsewhere'], { payments: [aPayment({ cancel_reason: 'customer_request' })] }],
  ['there is no message about a confirmation', ['never_told'], { order_messages: [] }],
  [
    'there is a message about the confirmation and none about the shipment',
    ['never_told'],
    { ...shipped, order_messages: [orderMessages()] },
  ],
  [
    'there is no message about a cancellation',
    ['never_told'],
    { ...cancelled, order_messages: [orderMessages({ 'order.confirmed': 1, 'payment.refunded': 1 })] },
  ],
  [
    'there is no message about a confirmation before a cancellation',
    ['never_told'],
    { ...cancelled, order_messages: [orderMessages({ 'order.cancelled': 1, 'payment.refunded': 1 })] },
  ],
  [
    'there is no message about a refund',
    ['never_told'],
    { ...cancelled, order_messages: [orderMessages({ 'order.confirmed': 1, 'order.cancelled': 1 })] },
  ],
  [
    'there is a message about what did not happen',
    ['message_without_cause'],
    { order_messages: [orderMessages({ 'order.confirmed': 1, 'order.shipped': 1 })] },
  ],
  [
    'the message went to another person',
    ['user_differs'],
    { order_messages: [{ ...orderMessages(), messages: orderMessages().messages.map((one) => ({ ...one, user_id: userId(2) })) }] },
  ],
  ['one confirmation has messages of two events', ['told_twice'], { order_messages: [orderMessages({ 'order.confirmed': 2 })] }],
  [
    'one event has two messages',
    ['told_twice'],
    { order_messages: [{ ...orderMessages(), messages: orderMessages().messages.map((one) => ({ ...one, messages: 2 })) }] },
  ],
  [
    'one event has two messages, each on a line of its own',
    ['told_twice'],
    { order_messages: [{ ...orderMessages(), messages: orderMessages().messages.flatMap((one) => [one, one]) }] },
  ],
  ['nothing is posted to a webhook for more than an hour', ['delivery_stuck'], { deliveries: [aDelivery({ overdue_ms: 3_600_001 })] }],
  ['a person has two messages for one event', ['told_twice'], { notifications: [aNotification({ count: 2 })] }],
  [
    'an outbox is stuck although the broker answers',
    ['outbox_stuck'],
    { messaging: { orders: [aMessaging({ outbox_backlog: 7, outbox_oldest_age_s: 90 })] } },
  ],
];

eachIsFound(broken);
