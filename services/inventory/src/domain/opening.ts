/**
 * The opening stock of a product counts exactly once, whichever of its events is received first. Any event about a product
 * makes its stock record; the one that says how many there are to begin with (the creation, even when it says nothing,
 * or an update that still carries the number) opens it.
 */
import { onHandMax, type Stock } from './stock.ts';

export interface Opening {
  product_id: string;
  /** Undefined: the event does not say, the record stays open for the one that does. */
  quantity: number | undefined;
  actor: string;
}

/** One opening for each product: the first that says a quantity, else the first. */
export function foldOpenings(openings: readonly Opening[]): Opening[] {
  const first = new Map<string, Opening>();
  for (const opening of openings) {
    const earlier = first.get(opening.product_id);
    if (earlier === undefined || (earlier.quantity === undefined && opening.quantity !== undefined)) first.set(opening.product_id, opening);
  }
  return [...first.values()];
}

/** A new stock record. */
export function newStock(opening: Opening, updated_at: string): Stock {
  const quantity = opening.quantity ?? 0;
  return {
    product_id: opening.product_id,
    on_hand: quantity,
    reserved: 0,
    stock_version: quantity > 0 ? 2 : 1,
    opened: opening.quantity !== undefined,
    published_version: 1,
    published_available: 0,
    change_reason: 'received',
    updated_at,
  };
}

/** Whether a record that is there already can take the opening stock; false when it would become too large. */
export function fitsOpening(stock: Stock, quantity: number): boolean {
  return stock.on_hand + quantity <= onHandMax;
}
