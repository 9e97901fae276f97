/** Stock, and products as other services show them. */
import { type AuditCase, available, copyOf } from './_audit-case.ts';

export const stockCases: readonly AuditCase[] = [
  {
    name: 'a confirmed order is held and has neither movement nor reserved stock: an oversell',
    state: 'confirmed',
    faults: ({ order, product }) => [
      ['inventory', `delete from movements where order_id = '${order}'`],
      ['inventory', `update stock set reserved = reserved - 1 where product_id = '${product}'`],
      available(product, '+ 1'),
    ],
    rules: ['movements_differ'],
  },
  {
    name: 'an order has a second reserved movement',
    state: 'confirmed',
    faults: ({ order, product }) => [
      ['inventory', copyOf('movements', `order_id = '${order}'`, `'id', gen_random_uuid()`)],
      ['inventory', `update stock set reserved = reserved + 1 where product_id = '${product}'`],
      available(product, '- 1'),
    ],
    rules: ['movements_differ'],
  },
  {
    name: 'the movement of a confirmed order was altered',
    state: 'confirmed',
    faults: ({ order }) => [['inventory', `update movements set reserved_change = 2 where order_id = '${order}'`]],
    rules: ['movements_differ', 'reserved_differs'],
  },
  {
    name: 'a shipped order has reserved and released movements, so that its stock never left',
    state: 'shipped',
    faults: ({ order, product }) => [
      ['inventory', `update movements set kind = 'released', on_hand_change = 0 where order_id = '${order}' and kind = 'shipped'`],
      ['inventory', `update stock set on_hand = on_hand + 1 where product_id = '${product}'`],
      available(product, '+ 1'),
    ],
    rules: ['movements_differ'],
  },
  {
    name: 'a cancelled order released more than it had',
    state: 'cancelled',
    faults: ({ order, product }) => [
      ['inventory', `update movements set reserved_change = -2 where order_id = '${order}' and kind = 'released'`],
      ['inventory', `update movements set reserved_change = 2 where order_id = '${order}' and kind = 'reserved'`],
      ['inventory', `update stock set stock_version = stock_version where product_id = '${product}'`],
    ],
    rules: ['movements_differ'],
  },
  {
    name: 'an order was sold out and has movements',
    state: 'sold_out',
    faults: ({ order, product }) => [
      [
        'inventory',
        `insert into movements (id, product_id, kind, on_hand_change, reserved_change, order_id, actor, created_at)
         values (gen_random_uuid(), '${product}', 'shipped', -1, -1, '${order}', 'system', now()), (gen_random_uuid(), '${product}', 'reserved', 0, 1, '${order}', 'system', now())`,
      ],
      ['inventory', `update stock set on_hand = on_hand - 1 where product_id = '${product}'`],
      available(product, '- 1'),
    ],
    rules: ['movements_differ'],
  },
  {
    name: 'the reservation of a confirmed order is gone',
    state: 'confirmed',
    faults: ({ order }) => [['inventory', `delete from reservations where order_id = '${order}'`]],
    rules: ['sold_without_stock', 'movements_differ'],
  },
  {
    name: 'a reservation holds more than was ordered',
    state: 'confirmed',
    faults: ({ order }) => [
      ['inventory', `update reservations set items = jsonb_set(items, '{0,quantity}', '3') where order_id = '${order}'`],
    ],
    rules: ['reserved_differs_from_items', 'movements_differ'],
  },
  {
    name: 'the tombstone of a cancelled order is gone',
    state: 'sold_out',
    faults: ({ order }) => [['inventory', `delete from reservations where order_id = '${order}'`]],
    rules: ['cancellation_unknown'],
  },
  {
    name: 'an adjustment is booked on an order',
    state: 'completed',
    faults: ({ order, product }) => [
      [
        'inventory',
        `insert into movements (id, product_id, kind, on_hand_change, reserved_change, order_id, actor, created_at)
         values (gen_random_uuid(), '${product}', 'adjusted', 1, 0, '${order}', 'system', now())`,
      ],
      ['inventory', `update stock set on_hand = on_hand + 1 where product_id = '${product}'`],
      available(product, '+ 1'),
    ],
    rules: ['movements_differ', 'movements_misplaced'],
  },
  {
    name: 'a balance of the stock was altered',
    state: 'confirmed',
    faults: ({ product }) => [
      ['inventory', `update stock set on_hand = on_hand + 1 where product_id = '${product}'`],
      available(product, '+ 1'),
    ],
    rules: ['on_hand_differs'],
  },
  {
    name: 'a reservation belongs to no order',
    state: 'confirmed',
    faults: ({ order, no_order }) => [['inventory', copyOf('reservations', `order_id = '${order}'`, `'order_id', '${no_order}'`)]],
    rules: ['reservation_without_order', 'movements_differ'],
  },
];

export const productCases: readonly AuditCase[] = [
  {
    name: 'the stock of a new product is gone',
    state: 'product',
    faults: ({ product }) => [['inventory', `delete from stock where product_id = '${product}'`]],
    rules: ['stock_missing'],
  },
  {
    name: 'products shows another stock than inventory has',
    state: 'product',
    faults: ({ product }) => [available(product, '+ 5')],
    rules: ['shown_stock_differs'],
  },
  {
    name: 'products has no stock to show',
    state: 'product',
    faults: ({ product }) => [['products', `delete from product_stock where product_id = '${product}'`]],
    rules: ['shown_stock_differs'],
  },
  {
    name: 'orders prices from another price than the product has',
    state: 'product',
    faults: ({ product }) => [['orders', `update catalogue set price = price - 1 where product_id = '${product}'`]],
    rules: ['catalogue_differs'],
  },
  {
    name: 'orders does not know a product',
    state: 'product',
    faults: ({ product }) => [['orders', `delete from catalogue where product_id = '${product}'`]],
    rules: ['catalogue_differs'],
  },
  {
    name: 'the opening stock was counted twice',
    state: 'product',
    faults: ({ product }) => [
      ['inventory', copyOf('movements', `product_id = '${product}'`, `'id', gen_random_uuid()`)],
      ['inventory', `update stock set on_hand = 2 * on_hand where product_id = '${product}'`],
      available(product, '* 2'),
    ],
    rules: ['opened_twice'],
  },
];
