/** What of an order can be announced to come back: what was sent, without what is on its way back or has come. */
import type { ShownOrder, ShownReturn } from './buying-views.ts';

export interface ReturnableLine {
  readonly product_id: string;
  readonly name: string;
  readonly pieces: number;
}

const ended: ReadonlySet<ShownReturn['state']> = new Set(['rejected', 'closed']);
const arrived: ReadonlySet<ShownReturn['state']> = new Set(['received', 'refunding', 'refunded']);

export function returnableLines({ parcels = [] }: Pick<ShownOrder, 'parcels'>, returns: readonly ShownReturn[]): ReturnableLine[] {
  const lines = new Map<string, ReturnableLine>();
  const add = (product_id: string, name: string, pieces: number): void => {
    lines.set(product_id, { product_id, name, pieces: (lines.get(product_id)?.pieces ?? 0) + pieces });
  };
  for (const { items } of parcels) for (const { product_id, name, quantity } of items) add(product_id, name, quantity);
  for (const { state, items } of returns) {
    if (ended.has(state)) continue;
    for (const { product_id, name, quantity, restock, write_off } of items)
      add(product_id, name, -(arrived.has(state) ? restock + write_off : quantity));
  }
  return [...lines.values()].filter(({ pieces }) => pieces > 0);
}
