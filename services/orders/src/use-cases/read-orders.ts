import {
  type HistoriesQuestion,
  type HistoryPart,
  historyLinesMax,
  type Order,
  type OrderCount,
  type OrderTransition,
  refusal,
  type ShopAction,
  type StaffOrderAction,
} from '@souk/contracts';
import type { Queryable } from '@souk/postgres';
import { type Caller, inOrderOf } from '@souk/service-kit';
import { accountsOf, type Client } from '../clients/users.ts';
import type { OrdersContext } from '../context.ts';
import { type OrderRecord, toResource } from '../domain/order.ts';
import { placedWithin } from '../domain/placed-within.ts';
import { type HistoryRow, listHistory, listStaffLines, readNewLines } from '../store/history.ts';
import { customersAmong, findOrders as findMany, listOrders } from '../store/orders.ts';
import { listShopActions as readShopActions } from '../store/shop-actions.ts';
import { countByStatus } from '../store/status-counts.ts';
import { mayAct, ownersFor } from './own-orders.ts';

/** Throws `not_found`, also for the order of another customer. */
export async function getOrder(ctx: OrdersContext, caller: Caller, order_id: string): Promise<Order> {
  const record = await ctx.readOrder(order_id);
  if (!record || !(await mayAct(ctx, caller, record.user_id))) throw refusal('not_found', 'There is no such order.');
  return toResource(record);
}

/** What is stored under each id; undefined where there is none. */
export async function readStored(db: Queryable, ids: readonly string[]): Promise<(OrderRecord | undefined)[]> {
  const records = new Map((await findMany(db, ids, undefined)).map((record) => [record.id, record]));
  return ids.map((id) => records.get(id));
}

/** Those of the orders that the caller may see. */
export async function getOrders(ctx: OrdersContext, caller: Caller, ids: readonly string[]): Promise<Order[]> {
  const records = await findMany(ctx.db, ids, await ownersFor(ctx, caller));
  return inOrderOf(ids, records.map(toResource), ({ id }) => id);
}

export async function getHistory(ctx: OrdersContext, caller: Caller, order_id: string): Promise<OrderTransition[]> {
  await getOrder(ctx, caller, order_id);
  return listHistory(ctx.db, order_id);
}

/** A page of what staff did to orders, newest first, and the line to go on from. */
export async function listOrderActions(
  { db }: OrdersContext,
  { limit, ...page }: { before: number | undefined; skip: number; limit: number },
): Promise<{ actions: StaffOrderAction[]; last: number | null }> {
  const rows = await listStaffLines(db, { ...page, limit: limit + 1 });
  const actions = rows.slice(0, limit);
  return { actions, last: rows.length > limit ? (actions.at(-1)?.sequence ?? null) : null };
}

/** The same of promotions, tax, shipping and returns. */
export async function listShopActions(
  { db }: OrdersContext,
  { limit, ...page }: { before: string | undefined; skip: number; limit: number },
): Promise<{ actions: ShopAction[]; last: string | null }> {
  const rows = await readShopActions(db, { ...page, limit: limit + 1 });
  const actions = rows.slice(0, limit);
  return { actions, last: rows.length > limit ? (actions.at(-1)?.id ?? null) : null };
}

/** What is new in the histories of these orders; those that are not there are left out. */
export async function readHistories(ctx: OrdersContext, { orders }: HistoriesQuestion): Promise<HistoryPart[]> {
  const rows = await readNewLines(ctx.db, {
    order_ids: orders.map(({ order_id }) => order_id),
    afters: orders.map(({ after }) => after),
    lines_max: historyLinesMax + 1,
  });
  const parts = new Map<string, HistoryPart>();
  for (const { order_id, user_id, linked_to, status, ...line } of rows) {
    const known = parts.get(order_id);
    const part = known ?? { order_id, user_id, ...(linked_to !== null && { linked_to }), status, transitions: [], has_more: false };
    parts.set(order_id, part);
    if (part.transitions.length === historyLinesMax) part.has_more = true;
    else if (isLine(line)) part.transitions.push(line);
  }
  return [...parts.values()];
}

function isLine(line: Omit<HistoryRow, 'order_id' | 'user_id' | 'linked_to' | 'status'>): line is OrderTransition {
  return line.sequence !== null;
}

export interface ListRequest {
  user_id: string | undefined;
  status: string | undefined;
  order_number: string | undefined;
  /** The newest hundred accounts with this address. */
  email: string | undefined;
  sku: string | undefined;
  from: string | undefined;
  to: string | undefined;
  before: string | undefined;
  skip: number;
  limit: number;
}

/** The caller's own orders, those of its guests among them; staff see those of all. One more than the limit is read to know whether there are more. */
export async function findOrders(
  ctx: OrdersContext,
  caller: Caller,
  { email, from, to, ...request }: ListRequest,
  client: Client,
): Promise<{ orders: Order[]; last: string | null }> {
  checkStaffOnly(caller, { email, ...request });
  const accounts = email === undefined ? undefined : await accountsOf(ctx, email, client);
  const user_ids = (await ownersFor(ctx, caller)) ?? among(accounts, request.user_id);
  if (user_ids?.length === 0) return { orders: [], last: null };
  const records = await listOrders(ctx.db, { ...request, user_ids, placed: placedWithin(from, to), limit: request.limit + 1 });
  const orders = records.slice(0, request.limit).map(toResource);
  return { orders, last: records.length > request.limit ? (orders.at(-1)?.id ?? null) : null };
}

/** Customers see their own orders only, and search by nothing that leads to those of others. */
function checkStaffOnly(caller: Caller, { user_id, email, sku }: Pick<ListRequest, 'user_id' | 'email' | 'sku'>): void {
  if (caller.isStaff) return;
  if (user_id !== undefined && user_id !== caller.user_id) throw refusal('forbidden', 'Only staff see the orders of others.');
  if (email !== undefined || sku !== undefined) throw refusal('forbidden', 'Only staff search orders by address or SKU.');
}

/** Of the accounts with an address the one that was asked for as well. */
function among(accounts: readonly string[] | undefined, user_id: string | undefined): readonly string[] | undefined {
  if (user_id === undefined) return accounts;
  return accounts === undefined || accounts.includes(user_id) ? [user_id] : [];
}

const statuses = ['pending', 'awaiting_payment', 'confirmed', 'shipped', 'completed', 'cancelled'];
/** Beyond it a table shows that there are more. */
const countedMax = 10_000;

/** How many orders have each status. */
export async function countOrders({ db }: Pick<OrdersContext, 'db'>): Promise<OrderCount[]> {
  const counts = await countByStatus(db, statuses, countedMax + 1);
  return counts.map(({ status, orders, oldest_at }) => ({
    status: status as OrderCount['status'],
    orders: Math.min(orders, countedMax),
    more: orders > countedMax,
    oldest_at,
  }));
}

/** Those of the people who have ever ordered. */
export function findCustomers(ctx: OrdersContext, user_ids: readonly string[]): Promise<string[]> {
  return customersAmong(ctx.db, user_ids);
}
