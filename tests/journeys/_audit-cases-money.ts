/** Payments, refunds, the ledger and the provider’s record. */
import { type AuditCase, copyOf } from './_audit-case.ts';

export const moneyCases: readonly AuditCase[] = [
  {
    name: 'a confirmed order has a done refund for its cancellation: goods and money',
    state: 'confirmed',
    faults: ({ payment }) => [
      [
        'payments',
        `insert into refunds (id, payment_id, kind, amount, currency, reason, status, cause, created_at, updated_at)
         select gen_random_uuid(), id, 'cancellation', amount, currency, 'customer_request', 'done', cause, created_at, updated_at from payments where id = '${payment}'`,
      ],
      ['payments', `update payments set refunded = captured where id = '${payment}'`],
      [
        'payments',
        `insert into transfers (debit_account, credit_account, amount, currency, payment_id, refund_id, created_at)
         select 'sales', 'provider', amount, currency, payment_id, id, created_at from refunds where payment_id = '${payment}'`,
      ],
      [
        'payments',
        `insert into sandbox.refunds (idempotency_key, charge_key, amount) select id, payment_id, amount from refunds where payment_id = '${payment}'`,
      ],
      ['payments', `update sandbox.charges set refunded = amount where idempotency_key = '${payment}'`],
    ],
    rules: ['refund_without_cancellation', 'refunds_not_noted', 'never_told'],
  },
  {
    name: 'the refund of a cancelled order is gone',
    state: 'cancelled',
    faults: ({ payment }) => [['payments', `delete from refunds where payment_id = '${payment}'`]],
    rules: ['refunds_differ', 'ledger_unbalanced', 'refunded_differs', 'refunds_not_noted', 'message_without_cause'],
  },
  {
    name: 'a cancelled order keeps money that its payment says is promised back, and no refund is there',
    state: 'cancelled',
    faults: ({ payment }) => [
      ['payments', `delete from refunds where payment_id = '${payment}'`],
      ['payments', `delete from transfers where payment_id = '${payment}' and refund_id is not null`],
      ['payments', `update payments set refunding = refunded, refunded = 0 where id = '${payment}'`],
      ['payments', `delete from sandbox.refunds where charge_key = '${payment}'`],
      ['payments', `update sandbox.charges set refunded = 0 where idempotency_key = '${payment}'`],
    ],
    rules: ['refunds_differ', 'refunds_not_noted', 'message_without_cause'],
  },
  {
    name: 'a refund is pending and never tried again',
    state: 'cancelled',
    faults: ({ payment }) => [
      ['payments', `update refunds set status = 'pending', due_at = now() + interval '10 years' where payment_id = '${payment}'`],
      ['payments', `update payments set refunding = refunded, refunded = 0 where id = '${payment}'`],
      ['payments', `delete from transfers where payment_id = '${payment}' and refund_id is not null`],
    ],
    rules: ['retry_unreachable', 'refunds_not_noted', 'message_without_cause'],
  },
  {
    name: 'a payment belongs to another user than its order',
    state: 'confirmed',
    faults: ({ payment, other_user }) => [['payments', `update payments set user_id = '${other_user}' where id = '${payment}'`]],
    rules: ['user_differs'],
  },
  {
    name: 'a captured payment is of an order put back to pending with a far deadline',
    state: 'confirmed',
    faults: ({ order }) => [
      [
        'orders',
        `update orders set status = 'pending', payment_method = 'tok_visa', deadline_at = now() + interval '10 years' where id = '${order}'`,
      ],
    ],
    rules: ['history_differs', 'deadline_unreachable', 'answer_lost'],
  },
  {
    name: 'the same with its history cut and its deadline not far',
    state: 'confirmed',
    faults: ({ order }) => [
      [
        'orders',
        `update orders set status = 'pending', payment_method = 'tok_visa', deadline_at = now() + interval '9 minutes', version = 1 where id = '${order}'`,
      ],
      ['orders', `delete from order_history where order_id = '${order}' and version > 1`],
    ],
    rules: ['answer_lost', 'payment_unexpected', 'message_without_cause'],
  },
  {
    name: 'an order waits for money that was captured',
    state: 'confirmed',
    faults: ({ order }) => [
      [
        'orders',
        `update orders set status = 'awaiting_payment', deadline_at = now() + interval '9 minutes', version = 2 where id = '${order}'`,
      ],
      ['orders', `delete from order_history where order_id = '${order}' and version > 2`],
    ],
    rules: ['answer_lost', 'message_without_cause'],
  },
  {
    name: 'a transfer is in another currency',
    state: 'confirmed',
    faults: ({ payment }) => [['payments', `update transfers set currency = 'USD' where payment_id = '${payment}'`]],
    rules: ['ledger_unbalanced'],
  },
  {
    name: 'a transfer goes the wrong way',
    state: 'confirmed',
    faults: ({ payment }) => [
      ['payments', `update transfers set debit_account = 'sales', credit_account = 'provider' where payment_id = '${payment}'`],
    ],
    rules: ['ledger_unbalanced'],
  },
  {
    name: 'the payment of a declined order is gone',
    state: 'declined',
    faults: ({ payment }) => [['payments', `delete from payments where id = '${payment}'`]],
    rules: ['cancellation_unknown', 'payment_missing'],
  },
  {
    name: 'payments forgot that an order was cancelled before it was to be paid',
    state: 'sold_out',
    faults: ({ order }) => [['payments', `delete from cancelled_orders where order_id = '${order}'`]],
    rules: ['cancellation_unknown'],
  },
  {
    name: 'payments believes that a completed order was cancelled',
    state: 'completed',
    faults: ({ order }) => [['payments', `insert into cancelled_orders values ('${order}', 'customer_request', now())`]],
    rules: ['cancelled_elsewhere'],
  },
  {
    name: 'the provider charged twice, once in another currency',
    state: 'confirmed',
    faults: ({ order }) => [
      ['payments', copyOf('sandbox.charges', `reference = '${order}'`, `'idempotency_key', gen_random_uuid(), 'currency', 'USD'`)],
    ],
    rules: ['charged_twice', 'charged_differs'],
  },
  {
    name: 'the provider charged the same sum twice',
    state: 'confirmed',
    faults: ({ order }) => [['payments', copyOf('sandbox.charges', `reference = '${order}'`, `'idempotency_key', gen_random_uuid()`)]],
    rules: ['charged_twice', 'charged_differs'],
  },
  {
    name: 'the provider gave back what a refund by staff did not ask for',
    state: 'refunded',
    faults: ({ payment }) => [
      ['payments', `update sandbox.refunds set idempotency_key = gen_random_uuid() where charge_key = '${payment}'`],
    ],
    rules: ['refunded_differs'],
  },
  {
    name: 'the payment of a confirmed order is gone with its ledger',
    state: 'confirmed',
    faults: ({ payment }) => [
      ['payments', `delete from transfers where payment_id = '${payment}'`],
      ['payments', `delete from payments where id = '${payment}'`],
    ],
    rules: ['sold_without_money', 'charged_differs'],
  },
  {
    name: 'a payment took less than the total of its order, and the provider says so too',
    state: 'confirmed',
    faults: ({ payment }) => [
      ['payments', `update payments set amount = amount - 100, captured = captured - 100 where id = '${payment}'`],
      ['payments', `update transfers set amount = amount - 100 where payment_id = '${payment}'`],
      ['payments', `update sandbox.charges set amount = amount - 100 where idempotency_key = '${payment}'`],
    ],
    rules: ['captured_differs_from_total', 'payment_differs_from_total'],
  },
  {
    name: 'the provider charged another sum than payments believes',
    state: 'confirmed',
    faults: ({ payment }) => [['payments', `update sandbox.charges set amount = amount + 1 where idempotency_key = '${payment}'`]],
    rules: ['charged_differs'],
  },
  {
    name: 'a refund is done in the books, and no money went back',
    state: 'refunded',
    faults: ({ payment }) => [
      ['payments', `delete from sandbox.refunds where charge_key = '${payment}'`],
      ['payments', `update sandbox.charges set refunded = 0 where idempotency_key = '${payment}'`],
    ],
    rules: ['refunded_differs'],
  },
  {
    name: 'a payment was taken for an order that does not exist',
    state: 'confirmed',
    faults: ({ payment, no_order }) => [['payments', `update payments set order_id = '${no_order}' where id = '${payment}'`]],
    rules: ['payment_without_order', 'sold_without_money', 'charged_differs'],
  },
];
