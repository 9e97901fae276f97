import type { Queryable } from '@souk/postgres';
import type { OrderRecord } from '../domain/order.ts';
import type { PlacedWithin } from '../domain/placed-within.ts';
import { parcelsOfOrder } from './parcels.ts';

/** How a checkout ended, in what changes of the order's resource. */
export type OrderOutcome = Pick<
  OrderRecord,
  'id' | 'status' | 'version' | 'cancel_reason' | 'carrier' | 'tracking_number' | 'payment_action' | 'updated_at'
>;

const columns = `id, order_number, user_id, status, items, total_amount, currency, totals, shipping_address, billing_address, locale, cancel_reason, carrier,
  tracking_number, unsent_pieces, ${parcelsOfOrder}, payment_action, deadline_at, version, created_at, updated_at`;

export async function findOrder(db: Queryable, order_id: string): Promise<OrderRecord | undefined> {
  const [row] = await db.query<OrderRecord>(`select ${columns} from orders where id = $1`, [order_id]);
  return row;
}

/** Those of the orders that are there; of certain customers alone where `user_ids` is given. */
export function findOrders(db: Queryable, ids: readonly string[], user_ids: readonly string[] | undefined): Promise<OrderRecord[]> {
  return db.query<OrderRecord>(
    `select ${columns} from orders where id = any($1::uuid[]) and ($2::uuid[] is null or user_id = any($2::uuid[]))`,
    [ids, user_ids ?? null],
  );
}

export interface OrderFilter {
  /** Only orders of these customers. */
  user_ids: readonly string[] | undefined;
  status: string | undefined;
  order_number: string | undefined;
  /** Only orders of what had this SKU. */
  sku: string | undefined;
  placed: PlacedWithin;
  /** Only orders placed before this one. */
  before: string | undefined;
  skip: number;
  limit: number;
}

/** Orders that have the SKU, newest first and each looked up by its id: neither is left to the planner, who does not know how many there are. */
const soldUnder = (sku: string, within: string): string => `(
  select order_id from order_skus where sku = ${sku} ${within} order by order_id desc offset 0
) sold cross join lateral (select * from orders where id = sold.order_id offset 0) orders`;

/** Newest first: ids are made in order of time. Each combination of filters is a statement, and so a plan, of its own. */
export function listOrders(db: Queryable, filter: OrderFilter): Promise<OrderRecord[]> {
  const { user_ids, status, order_number, sku, placed, before, skip, limit } = filter;
  const values: (string | number | readonly string[])[] = [skip, limit];
  const allOf = (conditions: readonly (readonly [string, string | undefined])[]): string[] =>
    conditions.flatMap(([condition, value]) => (value === undefined ? [] : [`${condition} $${values.push(value)}`]));
  const [only, another] = user_ids ?? [];
  // One customer's orders are read in their order from the index; those of several are sorted.
  const owners = another === undefined ? allOf([['user_id =', only]]) : [`user_id = any($${values.push(user_ids ?? [])}::uuid[])`];
  const within = (id: string): string[] =>
    allOf([
      [`${id} <`, before],
      [`${id} >=`, placed.first_id],
      [`${id} <`, placed.end_id],
    ]);
  const others = allOf([
    ['status =', status],
    ['order_number =', order_number],
    ['created_at >=', placed.from],
    ['created_at <', placed.to],
  ]);
  const skuAt = sku === undefined ? undefined : `$${values.push(sku)}`;
  if (skuAt !== undefined && owners.length === 0) {
    const range = within('order_id')
      .map((condition) => `and ${condition}`)
      .join(' ');
    return readList(db, soldUnder(skuAt, range), others, 'sold.order_id', values);
  }
  // Of certain customers each order is asked whether it has the SKU; without the offset the planner could begin with all who bought it.
  const sold = skuAt === undefined ? [] : [`exists (select from order_skus s where s.sku = ${skuAt} and s.order_id = orders.id offset 0)`];
  return readList(db, 'orders', [...owners, ...within('id'), ...others, ...sold], 'id', values);
}

function readList(
  db: Queryable,
  source: string,
  conditions: readonly string[],
  key: string,
  values: readonly (string | number | readonly string[])[],
): Promise<OrderRecord[]> {
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  return db.query<OrderRecord>(`select ${columns} from ${source} ${where} order by ${key} desc offset $1 limit $2`, values);
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

/** Those of the people who have ever ordered. */
export async function customersAmong(db: Queryable, user_ids: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ user_id: string }>(
    'select u.user_id from unnest($1::uuid[]) u (user_id) where exists (select from orders o where o.user_id = u.user_id)',
    [user_ids],
  );
  return rows.map(({ user_id }) => user_id);
}

/** Those of the orders whose checkout is over, or waits for its customer. */
export function findOutcomes(db: Queryable, order_ids: readonly string[]): Promise<OrderOutcome[]> {
  return db.query<OrderOutcome>(
    `select id, status, version, cancel_reason, carrier, tracking_number, payment_action, updated_at
     from orders where id = any($1::uuid[]) and (status not in ('pending', 'awaiting_payment') or payment_action is not null)`,
    [order_ids],
  );
}
