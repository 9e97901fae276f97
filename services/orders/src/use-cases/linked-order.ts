/** What the holder of a mailed link sees of one order and may do with it. */
import { type LinkedOrder, type LinkedReturn, type Return, refusal } from '@souk/contracts';
import type { Cause } from '@souk/messaging';
import type { OrdersContext } from '../context.ts';
import { type OrderRecord, toResource } from '../domain/order.ts';
import { shownReturn } from '../domain/return.ts';
import { erasedAmong } from '../store/erasures.ts';
import { findOrder } from '../store/orders.ts';
import { listReturns } from '../store/returns.ts';
import { cancelForLink } from './command-order.ts';

/** Throws `token_missing` without a header, and `token_invalid` for everything that opens no order, whatever the reason. */
export async function getLinkedOrder(ctx: OrdersContext, authorization: string | undefined): Promise<LinkedOrder> {
  return present(await orderOf(ctx, authorization));
}

/** Cancels in the name of the customer; what is cancelled already stays so. Throws `order_not_cancellable`, and as `getLinkedOrder` does. */
export async function cancelLinkedOrder(ctx: OrdersContext, authorization: string | undefined, cause: Cause): Promise<LinkedOrder> {
  const order = await orderOf(ctx, authorization);
  await cancelForLink(ctx, order.id, { ...cause, actor: `user:${order.user_id}/link` });
  return present((await findOrder(ctx.db, order.id)) ?? order);
}

/** Whose order a link opens. Throws as `getLinkedOrder` does. */
export async function customerOfLink(
  ctx: OrdersContext,
  authorization: string | undefined,
): Promise<{ order_id: string; user_id: string }> {
  const { id: order_id, user_id } = await orderOf(ctx, authorization);
  return { order_id, user_id };
}

/** More than an order has. */
const returnsMax = 100;

/** The returns of the order, newest first. Throws as `getLinkedOrder` does. */
export async function returnsOfLink(ctx: OrdersContext, authorization: string | undefined): Promise<LinkedReturn[]> {
  const { id: order_id } = await orderOf(ctx, authorization);
  const filter = { user_ids: undefined, order_id, state: undefined, before: undefined, skip: 0, limit: returnsMax };
  return (await listReturns(ctx.db, filter)).map(shownReturn).map(withoutCustomer);
}

/** A link says nothing of whose the order is. */
export function withoutCustomer({ user_id: _user_id, ...shown }: Return): LinkedReturn {
  return shown;
}

async function orderOf(ctx: OrdersContext, authorization: string | undefined): Promise<OrderRecord> {
  if (authorization === undefined) throw refusal('token_missing', 'This is opened by a link to an order.');
  const order_id = ctx.order_links.orderOf(authorization, ctx.clock.now());
  const order = order_id === undefined ? undefined : await findOrder(ctx.db, order_id);
  const isThere = order !== undefined && (await erasedAmong(ctx.db, [order.user_id])).size === 0;
  if (!isThere) throw refusal('token_invalid', 'The link is not valid any more.');
  return order;
}

function present(record: OrderRecord): LinkedOrder {
  const { id, order_number, status, items, total_amount, currency, totals, shipping_address, ...order } = toResource(record);
  const { cancel_reason, carrier, tracking_number, delivery, parcels, waiting_for, version, created_at, updated_at } = order;
  const town = shipping_address && { city: shipping_address.city, country: shipping_address.country };
  const goods = { id, order_number, status, items, total_amount, currency, ...(totals && { totals }), town };
  const sent = { carrier, tracking_number, ...(delivery && { delivery }), ...(parcels && { parcels }) };
  return { ...goods, cancel_reason, ...sent, ...(waiting_for && { waiting_for }), version, created_at, updated_at };
}
