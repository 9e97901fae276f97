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
    name: 'the cart that was ordered is still there',
    state: 'confirmed',
    faults: ({ order }) => [
      ['orders', `update orders set cart_version = 1 where id = '${order}'`],
      [
        'orders',
        `insert into carts (user_id, version, lines, later, updated_at) select user_id, 1, '[]', '[]', now() from orders where id = '${order}'`,
      ],
    ],
    rules: ['cart_after_order'],
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
    name: 'an order says that it was sent, its history does not',
    state: 'confirmed',
    faults: ({ order }) => [
      ['orders', `update orders set status = 'shipped', carrier = 'Post', tracking_number = 'P1' where id = '${order}'`],
    ],
    rules: ['history_differs', 'sold_without_stock', 'never_told'],
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
    name: 'an order says that it holds a tax which its rate does not come to',
    state: 'cancelled',
    faults: ({ order }) => [
      [
        'orders',
        `update orders set totals = jsonb_build_object('rules_version', 1, 'items_total', total_amount, 'shipping_total', 0, 'tax_total', 1,
           'tax_included', true, 'tax_lines', '[{"name": "VAT", "rate_ppm": 190000, "base": 1, "amount": 1}]'::jsonb) where id = '${order}'`,
      ],
    ],
    rules: ['tax_differs'],
  },
  {
    name: 'an order was changed at a time that has not come yet',
    state: 'confirmed',
    faults: ({ order }) => [['orders', `update orders set updated_at = now() + interval '1 year' where id = '${order}'`]],
    rules: ['time_to_come'],
  },
];

export const parcelCases: readonly AuditCase[] = [
  {
    name: 'a parcel holds more than was ordered',
    state: 'shipped',
    faults: ({ order }) => [['orders', `update parcels set items = jsonb_set(items, '{0,quantity}', '2') where order_id = '${order}'`]],
    rules: ['parcels_differ'],
  },
  {
    name: 'another parcel left the stock than was sent',
    state: 'completed',
    faults: ({ order, no_order }) => [['orders', `update parcels set id = '${no_order}' where order_id = '${order}'`]],
    rules: ['parcels_differ'],
  },
  {
    name: 'a shipped order says that a piece is still to be sent',
    state: 'shipped',
    faults: ({ order }) => [['orders', `update orders set unsent_pieces = 1 where id = '${order}'`]],
    rules: ['parcels_differ', 'sold_without_stock'],
  },
];

const returned = (order: string, restock: number): string =>
  `insert into returns (id, order_id, user_id, state, items, currency, version, created_at, updated_at)
   select gen_random_uuid(), id, user_id, 'received', json_build_array(json_build_object('product_id', items->0->>'product_id', 'name', 'x', 'quantity', 1,
     'restock', ${restock}, 'write_off', ${1 - restock}, 'from', null)), currency, 3, now(), now() from orders where id = '${order}'`;

export const returnCases: readonly AuditCase[] = [
  {
    name: 'more came back of an order than was sent',
    state: 'completed',
    faults: ({ order }) => [
      ['orders', returned(order, 0)],
      ['orders', returned(order, 0)],
    ],
    rules: ['returned_too_much'],
  },
  {
    name: 'a piece that came back is not in stock',
    state: 'completed',
    faults: ({ order }) => [['orders', returned(order, 1)]],
    rules: ['restock_differs'],
  },
  {
    name: 'money was given back for a return that there is not',
    state: 'refunded',
    faults: ({ payment }) => [['payments', `update refunds set kind = 'return' where payment_id = '${payment}'`]],
    rules: ['refund_differs'],
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
  {
    name: 'a customer was told of a shipment that never was',
    state: 'confirmed',
    faults: ({ order }) => [
      [
        'notifications',
        copyOf(
          'notifications',
          `order_id = '${order}'`,
          `'id', gen_random_uuid(), 'event_id', gen_random_uuid(), 'event_type', 'order.shipped'`,
        ),
      ],
    ],
    rules: ['message_without_cause'],
  },
  {
    name: 'the message about a confirmation is gone',
    state: 'confirmed',
    faults: ({ order }) => [['notifications', `delete from notifications where order_id = '${order}'`]],
    rules: ['never_told'],
  },
];
