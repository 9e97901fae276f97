/**
 * Publishes orders once more from their state, so that stock, payments and messages that other services lost come back. Each
 * participant acts by its business key: what it has done already it does not do again, and answers with what came of it.
 */
import { orderCancelled, orderCompleted, orderConfirmed, orderCreated, orderShipped, paymentRequested } from '@souk/contracts';
import { timestamp, toMajor } from '@souk/kernel';
import { type Cause, draft, type EventDraft } from '@souk/messaging';
import type { Republisher, RepublishPage } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import { cancellerOf } from '../domain/checkout-saga.ts';
import { type ChangedOrder, decidedOrders, waitingOrders } from '../store/republished-orders.ts';
import { orderEventId } from './order-event-id.ts';
import { sentDrafts } from './parcel-events.ts';

/** Those that were decided come first: the stock they had is theirs before it is any other order's. */
export const republishDecided: Republisher<OrdersContext> = async (ctx, tx, page) => pageOf(ctx, page, await decidedOrders(tx, page));

export const republishWaiting: Republisher<OrdersContext> = async (ctx, tx, page) => {
  const { saga_stock_deadline_ms, saga_payment_deadline_ms } = ctx.config;
  const wait_until = timestamp(ctx.clock.now() + Math.max(saga_stock_deadline_ms, saga_payment_deadline_ms));
  return pageOf(ctx, page, await waitingOrders(tx, { ...page, wait_until }));
};

function pageOf(ctx: OrdersContext, { limit }: RepublishPage, orders: readonly ChangedOrder[]) {
  const drafts = orders.flatMap((order) => draftsOfState(order, causeOfOrder(ctx, order)));
  return { drafts, next: orders.length === limit ? orders.at(-1)?.id : undefined };
}

/** Every event whose effect an order in this state must have had. */
function draftsOfState(order: ChangedOrder, cause: Cause): EventDraft[] {
  if (order.status === 'cancelled') return [cancelled(order, cause)];
  const paid = order.status === 'confirmed' || order.status === 'shipped' || order.status === 'completed';
  return [
    ...created(order, cause),
    ...(order.status === 'pending' ? [] : requested(order, cause)),
    ...(paid ? [confirmed(order, cause)] : []),
    ...(order.parcels === null ? shippedAsWhole(order, cause) : sentDrafts(order, order.parcels, cause)),
    ...(order.status === 'completed' ? [completed(order, cause)] : []),
  ];
}

/** An order whose customer was erased has no address any more; its stock has left by then. */
function created(order: ChangedOrder, cause: Cause): EventDraft[] {
  const { shipping_address, currency } = order;
  if (shipping_address === null) return [];
  const items = order.items.map(({ product_id, quantity, price }) => ({ product_id, quantity, price: toMajor(price, currency) }));
  return [
    draft(
      orderCreated,
      {
        order_id: order.id,
        order_version: order.version,
        user_id: order.user_id,
        items,
        total_amount: toMajor(order.total_amount, currency),
        currency,
        shipping_address,
      },
      cause,
    ),
  ];
}

/** The method of an order that was paid long ago is forgotten: its payment is in every copy that old. */
function requested(order: ChangedOrder, cause: Cause): EventDraft[] {
  const { id: order_id, user_id, total_amount, currency, payment_method } = order;
  if (payment_method === null) return [];
  return [draft(paymentRequested, { order_id, user_id, amount: toMajor(total_amount, currency), currency, payment_method }, cause)];
}

function confirmed(order: ChangedOrder, cause: Cause): EventDraft {
  const { total_amount, currency } = order;
  const payload = { ...namesOf(order), total_amount: toMajor(total_amount, currency), currency };
  return draft(orderConfirmed, payload, cause, orderEventId(orderConfirmed, order.id));
}

/** As it was shipped before parcels were kept. */
function shippedAsWhole(order: ChangedOrder, cause: Cause): EventDraft[] {
  const { carrier, tracking_number } = order;
  if (carrier === null || tracking_number === null) return [];
  return [draft(orderShipped, { ...namesOf(order), carrier, tracking_number }, cause, orderEventId(orderShipped, order.id))];
}

function completed(order: ChangedOrder, cause: Cause): EventDraft {
  return draft(orderCompleted, namesOf(order), cause, orderEventId(orderCompleted, order.id));
}

function cancelled(order: ChangedOrder, cause: Cause): EventDraft {
  const reason = order.cancel_reason ?? 'staff_request';
  const payload = { ...namesOf(order), reason, cancelled_by: cancellerOf(reason) };
  return draft(orderCancelled, payload, cause, orderEventId(orderCancelled, order.id));
}

function namesOf({ id, order_number, version, user_id, locale }: ChangedOrder) {
  return { order_id: id, order_number, order_version: version, user_id, ...(locale !== null && { locale }) };
}

function causeOfOrder({ ids }: OrdersContext, { correlation_id, correlation, traceparent }: ChangedOrder): Cause {
  return {
    correlation_id: correlation_id ?? ids.uuid(),
    ...(correlation !== null && { correlation }),
    ...(traceparent !== null && { traceparent }),
    actor: 'system',
  };
}
