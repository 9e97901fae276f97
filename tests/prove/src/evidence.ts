/** What a verdict is about: what clients saw, what the databases say at the end, and what is wrong with it. */
import type { EndState } from './end-state.ts';
import type { Exchange } from './history.ts';
import type { HotCode } from './prepare.ts';

export type Rule =
  | 'order_lost'
  | 'order_changed'
  | 'order_doubled'
  | 'order_unknown'
  | 'order_not_ended'
  | 'deadline_early'
  | 'answer_never_true'
  | 'answer_went_back'
  | 'own_order_not_found'
  | 'price_wrong'
  | 'discount_changed'
  | 'code_overused'
  | 'code_kept'
  | 'code_not_used_up'
  | 'oversold'
  | 'stock_not_as_ordered'
  | 'adjustment_lost'
  | 'not_sold_out'
  | 'parcel_lost'
  | 'parcel_doubled'
  | 'parcels_not_as_ordered'
  | 'return_lost'
  | 'return_doubled'
  | 'return_not_ended'
  | 'returned_too_much'
  | 'return_refund_wrong'
  | 'charged_twice'
  | 'charged_otherwise'
  | 'money_kept'
  | 'refund_lost'
  | 'refund_unasked'
  | 'books';

export interface Violation {
  rule: Rule;
  sentence: string;
}

export interface Evidence {
  exchanges: readonly Exchange[];
  end: EndState;
  /** Pieces of each product before the run. */
  stock: ReadonlyMap<string, number>;
  /** The product of which the run wanted more than there is, when the last buyers were refused it. */
  sold_out: string | undefined;
  /** What a piece costs, where nothing but the code of the run changes what an order costs; minor units. */
  prices: ReadonlyMap<string, number> | undefined;
  code: HotCode | undefined;
  /** Whether the last buyers were refused the code. */
  used_up: boolean;
}

const minor = 100;

/** An amount as the API shows it, in minor units. */
export function toMinor(amount: number): number {
  return Math.round(amount * minor);
}

/** Pieces by product. */
export function piecesOf(lines: readonly { product_id: string; quantity: number }[]): Map<string, number> {
  const pieces = new Map<string, number>();
  for (const { product_id, quantity } of lines) pieces.set(product_id, (pieces.get(product_id) ?? 0) + quantity);
  return pieces;
}

export function sum(amounts: Iterable<number>): number {
  let total = 0;
  for (const amount of amounts) total += amount;
  return total;
}

export function grouped<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}
