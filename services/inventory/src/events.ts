/** What is counted and said when something happens to stock. */
import type { InventoryContext } from './context.ts';

type Observer = Pick<InventoryContext, 'log' | 'metrics'>;

export function ordersDecided({ metrics }: Observer, outcomes: { reserved: number; rejected: number; waiting: number }): void {
  for (const [outcome, count] of Object.entries(outcomes)) if (count > 0) metrics.count('souk_inventory_orders_total', { outcome }, count);
}

export function reservationsEnded({ metrics }: Observer, outcome: 'released' | 'shipped' | 'tombstone', count: number): void {
  if (count > 0) metrics.count('souk_inventory_reservations_ended_total', { outcome }, count);
}

/** A message about an order that cannot be true if everything before it was: an operator must look. */
export function reservationContradicted({ log, metrics }: Observer, order_id: string, status: string, event_type: string): void {
  metrics.count('souk_inventory_contradictions_total', { event_type, status });
  log.error({ order_id, status, event_type }, 'an order was ended in another way than its reservation');
}

export function stockOpened({ metrics }: Observer, count: number): void {
  if (count > 0) metrics.count('souk_inventory_stock_opened_total', {}, count);
}

export function stockAdjusted({ log, metrics }: Observer, fields: { product_id: string; quantity_change: number; actor: string }): void {
  metrics.count('souk_inventory_adjustments_total');
  log.info(fields, 'stock was adjusted');
}

export function stockAnnounced({ metrics }: Observer, count: number): void {
  if (count > 0) metrics.count('souk_inventory_announcements_total', {}, count);
}
