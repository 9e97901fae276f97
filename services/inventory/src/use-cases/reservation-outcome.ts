/** The answer to an order about its stock. */
import { type EventOf, inventoryRejected, inventoryReserved, type orderCreated } from '@souk/contracts';
import { causeOf, draft, type EventDraft } from '@souk/messaging';
import type { Shortage } from '../domain/grant-orders.ts';

type OrderCreated = EventOf<typeof orderCreated>;

export function reservedDraft(order: OrderCreated): EventDraft {
  const items = order.items.map(({ product_id, quantity }) => ({ product_id, quantity }));
  return draft(inventoryReserved, { order_id: order.order_id, items }, causeOf(order));
}

export function rejectedDraft(order: OrderCreated, shortages: Shortage[]): EventDraft {
  return draft(inventoryRejected, { order_id: order.order_id, shortages }, causeOf(order));
}
