/**
 * Stock of a product and the movements that change it. The promise kept here, and again by the constraint
 * `reserved_within_on_hand`: never less than nothing is reserved, and never more than there is.
 */
import { assert, required } from '@souk/kernel';

/** Most pieces of one product. */
export const onHandMax = 1_000_000_000;

export interface Stock {
  product_id: string;
  on_hand: number;
  reserved: number;
  stock_version: number;
  opened: boolean;
  published_version: number;
  published_available: number;
  change_reason: string;
  updated_at: string;
}

export type MovementKind = 'received' | 'reserved' | 'released' | 'shipped' | 'adjusted' | 'returned';

/** A line of the ledger before it gets its id and time. */
export interface Movement {
  product_id: string;
  kind: MovementKind;
  on_hand_change: number;
  reserved_change: number;
  order_id: string | null;
  /** The document that moves each product once, such as a parcel. */
  source_id: string | null;
  reason: string | null;
  actor: string;
}

/** The reason announced for more than one movement. */
const severalMovements = 'several';

export function availableOf(stock: Pick<Stock, 'on_hand' | 'reserved'>): number {
  return stock.on_hand - stock.reserved;
}

export function byProduct(rows: readonly Stock[]): Map<string, Stock> {
  return new Map(rows.map((row) => [row.product_id, row]));
}

/** The rows that the movements change, as they are afterwards. However many movements a row has, it changes once. */
export function applyMovements(stock: ReadonlyMap<string, Stock>, movements: readonly Movement[]): Stock[] {
  const changed = new Map<string, Stock>();
  for (const movement of movements) {
    const before = required(stock.get(movement.product_id), `the stock of product ${movement.product_id}`);
    const row = changed.get(movement.product_id);
    if (row === undefined) changed.set(movement.product_id, moved(before, movement));
    else {
      row.on_hand += movement.on_hand_change;
      row.reserved += movement.reserved_change;
      row.change_reason = severalMovements;
    }
  }
  const rows = [...changed.values()];
  for (const row of rows) {
    assert(
      0 <= row.reserved && row.reserved <= row.on_hand,
      `${row.reserved} of ${row.on_hand} pieces of ${row.product_id} would be reserved`,
    );
    assert(row.on_hand <= onHandMax, `there would be ${row.on_hand} pieces of ${row.product_id}`);
  }
  return rows;
}

function moved(before: Stock, movement: Movement): Stock {
  const announced = before.published_version === before.stock_version;
  return {
    ...before,
    on_hand: before.on_hand + movement.on_hand_change,
    reserved: before.reserved + movement.reserved_change,
    stock_version: before.stock_version + 1,
    change_reason: announced ? movement.kind : severalMovements,
  };
}
