/** Disputes, and refunds that came back. */
import type { AuditCase } from './_audit-case.ts';

export const disputeCases: readonly AuditCase[] = [
  {
    name: 'the provider lost a dispute that is open in the books',
    state: 'disputed',
    faults: ({ payment }) => [['payments', `update sandbox.disputes set state = 'lost' where charge_key = '${payment}'`]],
    rules: ['dispute_differs'],
  },
  {
    name: 'a dispute is gone with all that was booked of it',
    state: 'disputed',
    faults: ({ payment }) => [
      ['payments', `delete from transfers where payment_id = '${payment}' and dispute_id is not null`],
      ['payments', `update payments set disputed = 0 where id = '${payment}'`],
      ['payments', `delete from disputes where payment_id = '${payment}'`],
    ],
    rules: ['dispute_differs'],
  },
  {
    name: 'a payment holds back another sum than its dispute',
    state: 'disputed',
    faults: ({ payment }) => [['payments', `update payments set disputed = disputed - 1 where id = '${payment}'`]],
    rules: ['dispute_differs'],
  },
  {
    name: 'what a dispute holds back is not in the ledger',
    state: 'disputed',
    faults: ({ payment }) => [['payments', `delete from transfers where payment_id = '${payment}' and kind = 'disputed'`]],
    rules: ['ledger_unbalanced'],
  },
  {
    name: 'the history does not know of a dispute',
    state: 'disputed',
    faults: ({ order }) => [['orders', `delete from order_history where order_id = '${order}' and note_key like 'dispute:%'`]],
    rules: ['dispute_not_noted'],
  },
  {
    name: 'a refund came back and is booked as gone',
    state: 'came_back',
    faults: ({ payment }) => [['payments', `delete from transfers where payment_id = '${payment}' and kind = 'failed'`]],
    rules: ['ledger_unbalanced'],
  },
  {
    name: 'a refund came back in the books alone',
    state: 'came_back',
    faults: ({ payment }) => [
      ['payments', `update sandbox.refunds set failed = false, fails_at = null where charge_key = '${payment}'`],
      ['payments', `update sandbox.charges set refunded = amount where idempotency_key = '${payment}'`],
    ],
    rules: ['refunded_differs'],
  },
  {
    name: 'a refund that came back is settled by hand, and nothing was given',
    state: 'came_back',
    faults: ({ payment }) => [
      ['payments', `update refunds set status = 'by_hand' where payment_id = '${payment}'`],
      ['payments', `update payments set refunded = captured where id = '${payment}'`],
    ],
    rules: ['ledger_unbalanced'],
  },
  {
    name: 'the history does not know that a refund came back',
    state: 'came_back',
    faults: ({ order }) => [['orders', `delete from order_history where order_id = '${order}' and note_key like 'refund_failed:%'`]],
    rules: ['refunds_not_noted'],
  },
];
