import { type HistoriesQuestion, type HistoryPart, historyLinesMax, type Order, type OrderTransition, refusal } from '@souk/contracts';
import { type Caller, inOrderOf } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import { toResource } from '../domain/order.ts';
import { type HistoryRow, listHistory, readNewLines } from '../store/history.ts';
import { findOrders as findMany, findOrder, listOrders, orderKey } from '../store/orders.ts';

/** Another replica's copy of an order may be behind for this long when the broadcast of a change does not arrive. */
const orderFreshMs = 2_000;

/** Throws `not_found`, also for the order of another customer. */
export async function getOrder(ctx: OrdersContext, caller: Caller, order_id: string): Promise<Order> {
  const order = await ctx.cache.getOrLoad<Order | undefined>(orderKey(order_id), {
    ttl_ms: orderFreshMs,
    miss_ttl_ms: 0,
    load: async () => {
      const record = await findOrder(ctx.db, order_id);
      return record && toResource(record);
    },
  });
  if (!order || (order.user_id !== caller.user_id && !caller.isStaff)) throw refusal('not_found', 'There is no such order.');
  return order;
}

/** Those of the orders that the caller may see. */
export async function getOrders(ctx: OrdersContext, caller: Caller, ids: readonly string[]): Promise<Order[]> {
  const records = await findMany(ctx.db, ids, caller.isStaff ? undefined : caller.user_id);
  return inOrderOf(ids, records.map(toResource), ({ id }) => id);
}

export async function getHistory(ctx: OrdersContext, caller: Caller, order_id: string): Promise<OrderTransition[]> {
  await getOrder(ctx, caller, order_id);
  return listHistory(ctx.db, order_id);
}

/** What is new in the histories of these orders; those that are not there are left out. */
export async function readHistories(ctx: OrdersContext, { orders }: HistoriesQuestion): Promise<HistoryPart[]> {
  const rows = await readNewLines(ctx.db, {
    order_ids: orders.map(({ order_id }) => order_id),
    afters: orders.map(({ after }) => after),
    lines_max: historyLinesMax + 1,
  });
  const parts = new Map<string, HistoryPart>();
  for (const { order_id, user_id, status, ...line } of rows) {
    const part = parts.get(order_id) ?? { order_id, user_id, status, transitions: [], has_more: false };
    parts.set(order_id, part);
    if (part.transitions.length === historyLinesMax) part.has_more = true;
    else if (isLine(line)) part.transitions.push(line);
  }
  return [...parts.values()];
}

function isLine(line: Omit<HistoryRow, 'order_id' | 'user_id' | 'status'>): line is OrderTransition {
  return line.sequence !== null;
}

export interface ListRequest {
  user_id: string | undefined;
  status: string | undefined;
  order_number: string | undefined;
  before: string | undefined;
  skip: number;
  limit: number;
}

/** The caller's own orders; staff see those of all. One more than the limit is read to know whether there are more. */
export async function findOrders(
  ctx: OrdersContext,
  caller: Caller,
  request: ListRequest,
): Promise<{ orders: Order[]; last: string | null }> {
  if (!caller.isStaff && request.user_id !== undefined && request.user_id !== caller.user_id) {
    throw refusal('forbidden', 'Only staff see the orders of others.');
  }
  const user_id = caller.isStaff ? request.user_id : caller.user_id;
  const records = await listOrders(ctx.db, { ...request, user_id, limit: request.limit + 1 });
  const orders = records.slice(0, request.limit).map(toResource);
  return { orders, last: records.length > request.limit ? (orders.at(-1)?.id ?? null) : null };
}
