import { Readable } from 'node:stream';
import * as routes from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import {
  type Answer,
  answer,
  answerContent,
  decodeCursor,
  encodeCursor,
  listedIds,
  page,
  type ServedRoute,
  serve,
} from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import { cancelOrder, completeOrder, shipOrder } from '../use-cases/command-order.ts';
import { exportOrders } from '../use-cases/export-orders.ts';
import { placeOrder } from '../use-cases/place-order.ts';
import {
  countOrders,
  findCustomers,
  findOrders,
  getHistory,
  getOrder,
  getOrders,
  listOrderActions,
  listShopActions,
  readHistories,
} from '../use-cases/read-orders.ts';
import { summariseOrders } from '../use-cases/summarise-orders.ts';

const linesType = 'application/x-ndjson';
const exportLimitDefault = 1_000;

export const orderRoutes: readonly ServedRoute<OrdersContext>[] = [
  serve(routes.placeOrder, async (ctx: OrdersContext, request) => {
    const { caller, body, idempotency_key, prefer_wait_ms, cause } = request;
    const authorization = request.header('authorization');
    // Only who waits is asked whether it is still there.
    const signal = prefer_wait_ms > 0 ? request.signal : ctx.stopping;
    const { order, replayed } = await placeOrder(ctx, {
      caller,
      wanted: body,
      idempotency_key,
      authorization,
      wait_ms: prefer_wait_ms,
      cause,
      signal,
    });
    return answer(201, order, { etag: order.version, location: `/api/orders/${order.id}`, replayed });
  }),
  serve(routes.listOrders, async (ctx: OrdersContext, request) => {
    const { caller, query, cause } = request;
    const ids = listedIds(query, 'ids');
    if (ids !== undefined) return answer(200, await getOrders(ctx, caller, ids));
    const { limit, skip, after } = page(query, isOrderId);
    const { user_id, status, number: order_number, email, sku, from, to } = query;
    const wanted = { user_id, status, order_number, email, sku, from, to, before: after, skip, limit };
    const { orders, last } = await findOrders(ctx, caller, wanted, { authorization: request.header('authorization'), cause });
    return answer(200, orders, { next_cursor: last === null ? null : encodeCursor(last) });
  }),
  serve(routes.listOrderActions, async (ctx: OrdersContext, { query }) => {
    const { limit, skip, after } = page(query, isSequence);
    const { actions, last } = await listOrderActions(ctx, { before: after, skip, limit });
    return answer(200, actions, { next_cursor: last === null ? null : encodeCursor(last) });
  }),
  serve(routes.listShopActions, async (ctx: OrdersContext, { query }) => {
    const { limit, skip, after } = page(query, isOrderId);
    const { actions, last } = await listShopActions(ctx, { before: after, skip, limit });
    return answer(200, actions, { next_cursor: last === null ? null : encodeCursor(last) });
  }),
  serve(routes.countOrders, async (ctx: OrdersContext) => answer(200, await countOrders(ctx))),
  serve(routes.exportOrders, async (ctx: OrdersContext, { query, correlation_id }) => {
    const { limit = exportLimitDefault, cursor } = query;
    const after = cursor === undefined ? undefined : decodeCursor(cursor, isOrderId);
    const { pieces, last } = await exportOrders(ctx, { after, limit });
    // A line that cannot be read any more ends the connection, so that half an export never looks like a whole one.
    return answerContent(200, linesType, Readable.from(linesOf(ctx, pieces, correlation_id)), {
      next_cursor: last === undefined ? null : encodeCursor(last),
    });
  }),
  serve(routes.getOrder, async (ctx: OrdersContext, { caller, params }) => orderAnswer(await getOrder(ctx, caller, params.order_id))),
  serve(routes.getOrderHistory, async (ctx: OrdersContext, { caller, params }) =>
    answer(200, await getHistory(ctx, caller, params.order_id)),
  ),
  serve(routes.readHistories, async (ctx: OrdersContext, { body }) => answer(200, await readHistories(ctx, body))),
  serve(routes.findCustomersWithOrders, async (ctx: OrdersContext, { body }) =>
    answer(200, { user_ids: await findCustomers(ctx, body.user_ids) }),
  ),
  serve(routes.summariseOrders, async (ctx: OrdersContext, { body }) => answer(200, await summariseOrders(ctx, body.order_ids))),
  serve(routes.cancelOrder, async (ctx: OrdersContext, { caller, params, body, if_match, cause }) =>
    orderAnswer(await cancelOrder(ctx, { ...params, caller, if_match, cause }, body.reason)),
  ),
  serve(routes.shipOrder, async (ctx: OrdersContext, { caller, params, body, if_match, cause }) =>
    orderAnswer(await shipOrder(ctx, { ...params, caller, if_match, cause }, body)),
  ),
  serve(routes.completeOrder, async (ctx: OrdersContext, { caller, params, if_match, cause }) =>
    orderAnswer(await completeOrder(ctx, { ...params, caller, if_match, cause })),
  ),
];

function orderAnswer(order: routes.Order): Answer<routes.Order> {
  return answer(200, order, { etag: order.version });
}

/** Each piece is asked for when the client has taken the one before. */
async function* linesOf({ log }: OrdersContext, pieces: AsyncIterable<routes.Order[]>, correlation_id: string): AsyncGenerator<string> {
  try {
    for await (const orders of pieces) yield orders.map((order) => `${JSON.stringify(order)}\n`).join('');
  } catch (error) {
    log.error({ err: error, correlation_id }, 'an export broke off');
    throw error;
  }
}

function isOrderId(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}

function isSequence(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}
