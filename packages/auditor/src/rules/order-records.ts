/** Everything the services say of one order, and what the rules about it share. */
import { minorToDecimal } from '@souk/kernel';
import type {
  CancellationRecord,
  OrderMessagesRecord,
  OrderRecord,
  OrderStatus,
  PaymentRecord,
  ProviderRecord,
  ReservationRecord,
} from '../audit-records.ts';
import type { ItemCount } from '../delivery-records.ts';

export interface OrderRecords {
  order_id: string;
  order?: OrderRecord;
  reservation?: ReservationRecord;
  payment?: PaymentRecord;
  cancellation?: CancellationRecord;
  provider?: ProviderRecord;
  order_messages?: OrderMessagesRecord;
}

/** An order whose row is there. */
export type KnownOrder = OrderRecord & { status: OrderStatus };

export const hourMs = 3_600_000;

/** The row of the order, where there is one. */
export function knownOrder({ order }: OrderRecords): KnownOrder | undefined {
  return order?.status ? (order as KnownOrder) : undefined;
}

/** Whether the order has been in a status, by its history or by its row. */
export function hasBeen(order: OrderRecord, ...statuses: OrderStatus[]): boolean {
  if (order.status !== null && statuses.includes(order.status)) return true;
  for (const { to } of order.history) if (statuses.includes(to)) return true;
  return false;
}

/** Pieces by product, in order of product. */
export function itemsText(items: readonly ItemCount[]): string {
  const [only, another] = items;
  if (only !== undefined && another === undefined) return `${only.quantity} × ${only.product_id}`;
  return [...piecesOf(items)]
    .map(([product_id, quantity]) => `${quantity} × ${product_id}`)
    .sort()
    .join(', ');
}

/** How many pieces of each product, however many lines name it. */
export function piecesOf(items: readonly ItemCount[]): Map<string, number> {
  const pieces = new Map<string, number>();
  for (const { product_id, quantity } of items) pieces.set(product_id, (pieces.get(product_id) ?? 0) + quantity);
  return pieces;
}

export function money(minor: number, currency: string): string {
  return `${minorToDecimal(minor, currency)} ${currency}`;
}

/** The last change of any of the records, epoch milliseconds; a time to come says nothing about the past. */
export function lastChange({ order, reservation, payment, cancellation, provider }: OrderRecords, now: number): number {
  const times = [order, reservation, payment, cancellation, provider].map((record) => record?.updated_at_ms ?? 0);
  return Math.max(0, ...times.filter((time) => time <= now + skewMaxMs));
}

/** By how much the clocks of two machines may differ. */
export const skewMaxMs = 300_000;
