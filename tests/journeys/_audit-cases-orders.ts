/** Orders, their history, their keys and what their customers were told. */
import { type AuditCase, copyOf, pending } from './_audit-case.ts';

export const orderCases: readonly AuditCase[] = [
  {
    name: 'an acknowledged order was deleted, its history and its idempotency key remain',
    state: 'confirmed',
    faults: ({ order }) => [['orders', `delete from orders where id = '${order}'`]],
    rules: ['order_lost', 'reservation_without_order', 'payment_without_order', 'message_without_order'],
  },
  {
    name: 'a confirmed order was deleted with its history',
    state: 'confirmed',
    faults: ({ order }) => [
      ['orders', `delete from orders where id = '${order}'`],
      ['orders', `delete from order_history where order_id = '${order}'`],
      ['orders', `delete from idempotency_keys where resource_id = '${order}'`],
    ],
    rules: ['reservation_without_order', 'payment_without_order', 'message_without_order'],
  },
  {
    name: 'an idempotency key answers with another order than the one it placed',
    state: 'confirmed',
    faults: ({ order, other_order }) => [
      ['orders', `update idempotency_keys set resource_id = '${other_order}' where resource_id = '${order}'`],
    ],
    rules: ['two_orders_for_one_key'],
  },
  {
    name: 'the history of an order is gone',
    state: 'confirmed',
    faults: ({ order }) => [['orders', `delete from order_history where order_id = '${order}'`]],
    rules: ['history_differs'],
  },
  {
    name: 'one step of a history is gone',
    state: 'completed',
    faults: ({ order }) => [['orders', `delete from order_history where order_id = '${order}' and "to" = 'shipped'`]],
    rules: ['history_differs', 'message_without_cause'],
  },
  {
    name: 'an order is stuck past its deadline, where no job sees it',
    state: 'confirmed',
    faults: (ids) => [['orders', 'alter table orders drop constraint orders_waiting_has_deadline'], ...pending(ids, 'null')],
    rules: ['deadline_unreachable'],
  },
  {
    name: 'an order waits for ever',
    state: 'confirmed',
    faults: (ids) => pending(ids, `'infinity'`),
    rules: ['deadline_unreachable'],
  },
  {
    name: 'the lines of an order do not come to its total',
    state: 'cancelled',
    faults: ({ order }) => [['orders', `update orders set items = jsonb_set(items, '{0,line_total}', '1') where id = '${order}'`]],
    rules: ['total_differs_from_items'],
  },
  {
    name: 'an order was changed at a time that has not come yet',
    state: 'confirmed',
    faults: ({ order }) => [['orders', `update orders set updated_at = now() + interval '1 year' where id = '${order}'`]],
    rules: ['time_to_come'],
  },
];

export const messageCases: readonly AuditCase[] = [
  {
    name: 'one event was told to two addresses',
    state: 'confirmed',
    faults: ({ order }) => [
      ['notifications', copyOf('notifications', `order_id = '${order}'`, `'id', gen_random_uuid(), 'recipient', 'somebody@else.example'`)],
    ],
    rules: ['told_twice'],
  },
  {
    name: 'one confirmation was told as two events',
    state: 'confirmed',
    faults: ({ order }) => [
      ['notifications', copyOf('notifications', `order_id = '${order}'`, `'id', gen_random_uuid(), 'event_id', gen_random_uuid()`)],
    ],
    rules: ['told_twice'],
  },
  {
    name: 'a message was never written, a moment ago',
    state: 'shipped',
    faults: ({ order }) => [['notifications', `delete from notifications where order_id = '${order}' and event_type = 'order.shipped'`]],
    rules: ['never_told'],
  },
  {
    name: 'nobody was told that an order had been confirmed before it was cancelled',
    state: 'cancelled',
    faults: ({ order }) => [['notifications', `delete from notifications where order_id = '${order}' and event_type = 'order.confirmed'`]],
    rules: ['never_told'],
  },
  {
    name: 'a customer was not told of a refund',
    state: 'refunded',
    faults: ({ order }) => [['notifications', `delete from notifications where order_id = '${order}' and event_type = 'payment.refunded'`]],
    rules: ['never_told'],
  },
  {
    name: 'somebody else was told of an order',
    state: 'confirmed',
    faults: ({ order, other_user }) => [
      ['notifications', `update notifications set user_id = '${other_user}' where order_id = '${order}'`],
    ],
    rules: ['user_differs'],
  },
];
