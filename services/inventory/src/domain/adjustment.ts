/** A correction by a person: checked against what they believed, what is promised to orders, and the limit. */
import { refusal } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import { type Movement, onHandMax, type Stock } from './stock.ts';

export interface Adjustment {
  quantity_change: number;
  reason: string;
  expected_on_hand?: number | undefined;
  actor: string;
}

/** The movement of an adjustment; refuses with `stock_mismatch`, `stock_reserved` or `stock_too_large`. */
export function decideAdjustment(stock: Stock, { quantity_change, reason, expected_on_hand, actor }: Adjustment): Movement {
  const { product_id, on_hand, reserved } = stock;
  if (quantity_change === 0) {
    throw refusal('validation_failed', 'An adjustment changes something.', {
      errors: [{ pointer: '/quantity_change', detail: 'must not be 0' }],
    });
  }
  if (expected_on_hand !== undefined && expected_on_hand !== on_hand) {
    throw refusal('stock_mismatch', `There are ${on_hand} pieces, not ${expected_on_hand}.`, { on_hand });
  }
  const result = on_hand + quantity_change;
  if (result < reserved) {
    throw refusal('stock_reserved', `There are ${on_hand} pieces, of which ${reserved} are promised to orders.`, { on_hand, reserved });
  }
  if (result > onHandMax)
    throw refusal('stock_too_large', `At most ${onHandMax} pieces of a product can be kept; there are ${on_hand}.`, {
      on_hand,
      pointer: '/quantity_change',
    });
  return {
    product_id,
    kind: 'adjusted',
    on_hand_change: quantity_change,
    reserved_change: 0,
    order_id: null,
    source_id: null,
    reason,
    actor,
  };
}

export type ProductAdjustment = Adjustment & { product_id: string };

/** `after` is the stock as it is right after the movement, before those that follow in the same batch. */
export type AdjustmentDecision = { movement: Movement; after: Stock } | { refused: AppError };

/** Decides one adjustment after another, each on the stock that those before it have left. */
export function decideAdjustments(stock: ReadonlyMap<string, Stock>, adjustments: readonly ProductAdjustment[]): AdjustmentDecision[] {
  const current = new Map(stock);
  return adjustments.map(({ product_id, ...adjustment }) => {
    const before = current.get(product_id);
    if (before === undefined) return { refused: refusal('not_found', 'There is no such product in stock.') };
    try {
      const movement = decideAdjustment(before, adjustment);
      const after = { ...before, on_hand: before.on_hand + movement.on_hand_change };
      current.set(product_id, after);
      return { movement, after };
    } catch (error) {
      if (error instanceof AppError) return { refused: error };
      throw error;
    }
  });
}
