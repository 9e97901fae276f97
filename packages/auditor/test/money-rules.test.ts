/** Payments, refunds, the ledger and the provider, each rule broken once by records that nothing but a fault could bring about. */
import { awaiting, type Broken, cancelled, declined, eachIsFound, long_ago_ms, nothing, soldOut, taxed, waiting } from './_states.ts';
import { aCharge, aHistory, anOrder, aPayment, aReservation, orderId, orderMessages, paymentId, productId, refundId } from './_support.ts';

const broken: readonly Broken[] = [
  [
    'a pending order has a payment',
    ['payment_unexpected'],
    { ...waiting({ status: 'pending' }), payments: [aPayment({ status: 'requested' })] },
  ],
  ['a payment belongs to no order', ['payment_without_order'], { ...nothing, orders: [], payments: [aPayment({ status: 'requested' })] }],
  ['an order is confirmed without a payment', ['sold_without_money'], { payments: [], provider: [] }],
  ['an order is confirmed with a declined payment', ['sold_without_money'], { payments: [aPayment({ status: 'declined' })], provider: [] }],
  [
    'less was captured than the order is over',
    ['captured_differs_from_total'],
    { payments: [aPayment({ captured: 25_989 })], provider: [aCharge({ charged: 25_989 })] },
  ],
  [
    'another currency was captured',
    ['captured_differs_from_total', 'ledger_unbalanced'],
    { payments: [aPayment({ currency: 'USD' })], provider: [aCharge({ currency: 'USD' })] },
  ],
  [
    'another amount was asked for',
    ['payment_differs_from_total'],
    { ...awaiting, payments: [aPayment({ status: 'charging', amount: 1 })] },
  ],
  [
    'a cancelled order keeps the money',
    ['cancelled_keeps_money'],
    {
      ...cancelled,
      orders: [anOrder({ status: 'cancelled' })],
      payments: [aPayment({ cancel_reason: 'customer_request' })],
      provider: [aCharge()],
      order_messages: [orderMessages({ 'order.confirmed': 1, 'order.cancelled': 1 })],
    },
  ],
  [
    'a cancelled order keeps a part of the money',
    ['cancelled_keeps_money'],
    {
      ...cancelled,
      payments: [aPayment({ refunded: 25_000, cancel_reason: 'customer_request' })],
      provider: [aCharge({ refunded: 25_000 })],
    },
  ],
  ['the payment of a declined order is gone', ['cancellation_unknown', 'payment_missing'], { ...declined, payments: [] }],
  [
    'a declined payment was captured',
    ['cancelled_keeps_money', 'declined_differs', 'refunds_not_noted'],
    { ...declined, payments: [aPayment({ cancel_reason: 'payment_declined' })], provider: [aCharge()] },
  ],
  [
    'a confirmed order has a refund for its cancellation',
    ['refund_without_cancellation'],
    {
      ...cancelled,
      orders: [anOrder({ history: aHistory(['pending', 'awaiting_payment', 'confirmed'], [refundId()]) })],
      reservations: [aReservation()],
      payments: [
        aPayment({ refunded: 25_990, cancel_reason: 'customer_request', ...{ refunds: cancelled.payments[0]?.refunds ?? [] } }),
      ].map((payment) => ({ ...payment, cancel_reason: null })),
      order_messages: [orderMessages({ 'order.confirmed': 1, 'payment.refunded': 1 })],
    },
  ],
  [
    'a refund has been pending for hours',
    ['refund_overdue'],
    {
      ...cancelled,
      orders: [anOrder({ status: 'cancelled' })],
      payments: [aPayment({ refunds_pending: 25_990, cancel_reason: 'customer_request' })].map((payment) => ({
        ...payment,
        refunds: payment.refunds.map((refund) => ({ ...refund, created_at_ms: long_ago_ms })),
      })),
      provider: [aCharge()],
      order_messages: [orderMessages({ 'order.confirmed': 1, 'order.cancelled': 1 })],
    },
  ],
  [
    'a payment is never asked for again',
    ['retry_unreachable'],
    { ...awaiting, payments: [aPayment({ status: 'unknown', due_at_ms: null })] },
  ],
  [
    'the payment of a cancelled order is unknown for hours',
    ['payment_unsettled'],
    {
      ...declined,
      orders: [
        anOrder({ status: 'cancelled', updated_at_ms: long_ago_ms, history: aHistory(['pending', 'awaiting_payment', 'cancelled']) }),
      ],
      payments: [aPayment({ status: 'unknown', cancel_reason: 'customer_request' })],
    },
  ],
  ['a refund is not in the history', ['refunds_not_noted'], { ...cancelled, orders: [anOrder({ status: 'cancelled' })] }],
  [
    'a transfer is of another amount',
    ['ledger_unbalanced'],
    { payments: [aPayment({ transfers: aPayment({ captured: 25_989 }).transfers })] },
  ],
  [
    'a transfer is in another currency',
    ['ledger_unbalanced'],
    { payments: [aPayment({ transfers: aPayment().transfers.map((one) => ({ ...one, currency: 'USD' })) })] },
  ],
  [
    'a capture is booked twice',
    ['ledger_unbalanced'],
    { payments: [aPayment({ transfers: [...aPayment().transfers, ...aPayment().transfers] })] },
  ],
  ['the provider charged in another currency', ['charged_differs'], { provider: [aCharge({ currency: 'JPY' })] }],
  ['the provider charged under another key', ['charged_differs'], { provider: [aCharge({ idempotency_keys: [paymentId(orderId(9))] })] }],
  [
    'a refund is recorded and not there',
    ['ledger_unbalanced', 'message_without_cause', 'refunded_differs', 'refunds_differ', 'refunds_not_noted'],
    { ...cancelled, payments: cancelled.payments.map((payment) => ({ ...payment, refunds: [] })) },
  ],
  [
    'a refund is in another currency',
    ['refunds_differ'],
    {
      ...cancelled,
      payments: cancelled.payments.map((payment) => ({ ...payment, refunds: payment.refunds.map((one) => ({ ...one, currency: 'USD' })) })),
    },
  ],
  [
    'the items do not come to the total',
    ['total_differs_from_items'],
    { orders: [anOrder({ items: [{ product_id: productId(1), quantity: 2, price: 50, line_total: 25_990 }] })] },
  ],
  [
    'the lines do not come to the total',
    ['total_differs_from_items'],
    { ...soldOut, orders: soldOut.orders.map((order) => ({ ...order, items: order.items.map((item) => ({ ...item, line_total: 100 })) })) },
  ],
  [
    'the tax of a rate is a unit more than it comes to',
    ['tax_differs'],
    taxed({ totals: { tax_total: 4_151, tax_lines: [{ name: 'VAT', rate_ppm: 190_000, base: 21_839, amount: 4_151 }] } }),
  ],
  [
    'the rate of a tax was changed afterwards',
    ['tax_differs'],
    taxed({ totals: { tax_lines: [{ name: 'VAT', rate_ppm: 160_000, base: 21_840, amount: 4_150 }] } }),
  ],
  ['the tax is not the sum of its rates', ['tax_differs'], taxed({ totals: { tax_total: 4_149 } })],
  ['a line bears more tax than it pays', ['tax_differs'], taxed({ line: { tax: 25_501 } })],
  ['a line pays a part of a unit', ['tax_differs'], taxed({ line: { tax: 4_072.5 } })],
  ['a line pays less than its share', ['total_differs_from_items'], taxed({ line: { paid: 25_499 } })],
  ['the shipping of the lines is not that of the order', ['tax_differs', 'total_differs_from_items'], taxed({ line: { shipping: 489 } })],
  [
    'a promotion took something else off the lines than it says',
    ['total_differs_from_items'],
    taxed({ totals: { discounts: [{ promotion_id: productId(9), code: null, target: 'order', amount: 1 }] } }),
  ],
  ['the sums of an order are not those of its lines', ['total_differs_from_items'], taxed({ totals: { items_total: 25_499 } })],
  [
    'an order without totals has a line that pays less',
    ['total_differs_from_items'],
    { orders: [anOrder({ items: [{ product_id: productId(1), quantity: 2, paid: 1 }] })] },
  ],
  ['the provider charged twice', ['charged_differs', 'charged_twice'], { provider: [aCharge({ charges: 2, charged: 51_980 })] }],
  ['the provider charged and no payment is known', ['charged_differs'], { ...waiting({ status: 'pending' }), provider: [aCharge()] }],
  ['the provider knows nothing of a captured payment', ['charged_differs'], { provider: [] }],
  ['the provider charged for a declined payment', ['charged_differs'], { ...declined, provider: [aCharge()] }],
  ['the provider refunded less than is recorded', ['refunded_differs'], { ...cancelled, provider: [aCharge()] }],
  ['the provider refunded what nobody asked for', ['refunded_differs'], { provider: [aCharge({ refunded: 1 })] }],
];

eachIsFound(broken);
