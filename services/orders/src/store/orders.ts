import { cacheKey } from '@souk/cache';
import type { Queryable } from '@souk/postgres';
import type { OrderRecord } from '../domain/order.ts';

/** How a checkout ended, in what changes of the order's resource. */
export type OrderOutcome = Pick<OrderRecord, 'id' | 'status' | 'version' | 'cancel_reason' | 'carrier' | 'tracking_number' | 'updated_at'>;

const columns = `id, order_number, user_id, status, items, total_amount, currency, shipping_address, cancel_reason, carrier, tracking_number, version,
  created_at, updated_at`;

export function orderKey(order_id: string): string {
  return cacheKey('orders', 'order', order_id);
}

export async function findOrder(db: Queryable, order_id: string): Promise<OrderRecord | undefined> {
  const [row] = await db.query<OrderRecord>(`select ${columns} from orders where id = $1`, [order_id]);
  return row;
}

/** Those of the orders that are there; of one customer alone where `user_id` is given. */
export function findOrders(db: Queryable, ids: readonly string[], user_id: string | undefined): Promise<OrderRecord[]> {
  return db.query<OrderRecord>(`select ${columns} from orders where id = any($1::uuid[]) and ($2::uuid is null or user_id = $2)`, [
    ids,
    user_id ?? null,
  ]);
}

export interface OrderFilter {
  user_id: string | undefined;
  status: string | undefined;
  order_number: string | undefined;
  /** Only orders placed before this one. */
  before: string | undefined;
  skip: number;
  limit: number;
}

/** Newest first: ids are made in order of time. Each combination of filters is a statement, and so a plan, of its own. */
export function listOrders(db: Queryable, { user_id, status, order_number, before, skip, limit }: OrderFilter): Promise<OrderRecord[]> {
  const values: (string | number)[] = [skip, limit];
  const conditions: string[] = [];
  const filter = (condition: string, value: string | undefined): void => {
    if (value !== undefined) conditions.push(`${condition} $${values.push(value)}`);
  };
  filter('user_id =', user_id);
  filter('status =', status);
  filter('order_number =', order_number);
  filter('id <', before);
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  return db.query<OrderRecord>(`select ${columns} from orders ${where} order by id desc offset $1 limit $2`, values);
}

/** Nothing comes before it. */
const firstId = '00000000-0000-0000-0000-000000000000';

export interface ExportRange {
  after: string | undefined;
  /** Only orders placed before this instant. */
  placed_before: string;
  limit: number;
}

/** The last order of a page of an export; undefined where there is none after the cursor. */
export async function lastOfExport(db: Queryable, { after, placed_before, limit }: ExportRange): Promise<string | undefined> {
  const [row] = await db.query<{ id: string }>(
    `select id from (select id from orders where id > $1 and created_at < $2 order by id limit $3) page order by id desc limit 1`,
    [after ?? firstId, placed_before, limit],
  );
  return row?.id;
}

/** Orders of an export, oldest first: ids are made in order of time. */
export function exportedOrders(db: Queryable, { after, placed_before, limit }: ExportRange): Promise<OrderRecord[]> {
  return db.query<OrderRecord>(`select ${columns} from orders where id > $1 and created_at < $2 order by id limit $3`, [
    after ?? firstId,
    placed_before,
    limit,
  ]);
}

/** Those of the orders whose checkout is over. */
export function findOutcomes(db: Queryable, order_ids: readonly string[]): Promise<OrderOutcome[]> {
  return db.query<OrderOutcome>(
    `select id, status, version, cancel_reason, carrier, tracking_number, updated_at
     from orders where id = any($1::uuid[]) and status not in ('pending', 'awaiting_payment')`,
    [order_ids],
  );
}
