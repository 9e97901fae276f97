/**
 * Faults that only somebody with SQL could bring about, each in a shop that is otherwise in balance: what is done to which
 * database, and by which rules the auditor finds it. Each case has an order and a product of its own.
 */
export type CaseState =
  | 'confirmed'
  | 'shipped'
  | 'completed'
  | 'cancelled'
  | 'declined'
  | 'sold_out'
  | 'refunded'
  | 'disputed'
  | 'came_back'
  | 'product';
export type Service = 'users' | 'products' | 'orders' | 'inventory' | 'payments' | 'notifications';

export interface CaseIds {
  order: string;
  product: string;
  payment: string;
  user: string;
  /** Another order of another user. */
  other_order: string;
  other_user: string;
  /** An id that no order has. */
  no_order: string;
}

export interface AuditCase {
  name: string;
  state: CaseState;
  faults(ids: CaseIds): [Service, string][];
  rules: string[];
}

export const available = (product: string, change: string): [Service, string] => [
  'products',
  `update product_stock set stock_quantity = stock_quantity ${change} where product_id = '${product}'`,
];
/** Another row like the ones chosen, with some members replaced. */
export const copyOf = (table: string, where: string, members: string): string =>
  `insert into ${table} select (json_populate_record(t, json_build_object(${members}))).* from ${table} t where ${where}`;

/** As if nothing had happened since the order was placed, but for its deadline. */
export const pending = ({ order, product, payment }: CaseIds, deadline_at: string): [Service, string][] => [
  [
    'orders',
    `update orders set status = 'pending', version = 1, payment_method = 'tok_visa', deadline_at = ${deadline_at} where id = '${order}'`,
  ],
  ['orders', `delete from order_history where order_id = '${order}' and version > 1`],
  ['inventory', `delete from reservations where order_id = '${order}'`],
  ['inventory', `delete from movements where order_id = '${order}'`],
  ['inventory', `update stock set reserved = 0 where product_id = '${product}'`],
  available(product, '+ 1'),
  ['payments', `delete from transfers where payment_id = '${payment}'`],
  ['payments', `delete from payments where id = '${payment}'`],
  ['payments', `delete from sandbox.charges where idempotency_key = '${payment}'`],
  ['notifications', `delete from notifications where order_id = '${order}'`],
];
