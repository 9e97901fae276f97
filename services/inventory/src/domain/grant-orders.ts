/**
 * Who gets what: orders are looked at one by one, in the order of the queue; each gets all its lines or none. What an
 * order gets is no longer there for the next one. An unknown product may still be on its way: an order that
 * is young waits for it, an old one is rejected.
 */
import { type Line, mergeLines } from './reservation.ts';
import { availableOf, type Stock } from './stock.ts';

export interface OrderedLines {
  order_id: string;
  items: readonly Line[];
  /** Young enough to wait for products that are not known yet. */
  patient: boolean;
  /** Published once more after a restore: what it held may still be held by an order whose cancellation is on its way. */
  republished?: boolean;
}

export interface Shortage {
  product_id: string;
  requested: number;
  available: number;
}

export type Grant =
  | { order_id: string; kind: 'reserved' }
  | { order_id: string; kind: 'rejected'; shortages: Shortage[] }
  | { order_id: string; kind: 'waiting'; unknown: string[] };

export function grantOrders(stock: ReadonlyMap<string, Pick<Stock, 'on_hand' | 'reserved'>>, orders: readonly OrderedLines[]): Grant[] {
  const available = new Map<string, number>();
  for (const [product_id, row] of stock) available.set(product_id, availableOf(row));
  return orders.map((order) => grant(available, order));
}

function grant(available: Map<string, number>, { order_id, items, patient, republished = false }: OrderedLines): Grant {
  const lines = mergeLines(items);
  if (patient) {
    const unknown = lines.filter((line) => !available.has(line.product_id)).map((line) => line.product_id);
    if (unknown.length > 0) return { order_id, kind: 'waiting', unknown };
  }
  const shortages = lines
    .map(({ product_id, quantity }) => ({ product_id, requested: quantity, available: available.get(product_id) ?? 0 }))
    .filter((line) => line.requested > line.available);
  if (shortages.length > 0 && patient && republished)
    return { order_id, kind: 'waiting', unknown: shortages.map(({ product_id }) => product_id) };
  if (shortages.length > 0) return { order_id, kind: 'rejected', shortages };
  for (const { product_id, quantity } of lines) available.set(product_id, (available.get(product_id) ?? 0) - quantity);
  return { order_id, kind: 'reserved' };
}
