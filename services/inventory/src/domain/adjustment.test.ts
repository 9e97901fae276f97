import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AppError } from '@souk/kernel';
import { type Adjustment, decideAdjustment, decideAdjustments } from './adjustment.ts';
import { onHandMax, type Stock } from './stock.ts';

const lamp: Stock = {
  product_id: 'lamp',
  on_hand: 10,
  reserved: 4,
  stock_version: 7,
  opened: true,
  published_version: 7,
  published_available: 6,
  change_reason: 'received',
  updated_at: '2026-01-01T00:00:00.000Z',
};
const adjustmentOf = (quantity_change: number, others: Partial<Adjustment> = {}): Adjustment => ({
  quantity_change,
  reason: 'counted',
  actor: 'staff:1',
  ...others,
});

function refusalOf(adjustment: Adjustment): { code: string; details: Readonly<Record<string, unknown>> } {
  try {
    decideAdjustment(lamp, adjustment);
  } catch (error) {
    const { code, details } = error as AppError;
    return { code, details };
  }
  return assert.fail('it was not refused');
}

test('an adjustment is a movement of pieces that are there, of no order, with its reason and who made it', () => {
  assert.deepEqual(decideAdjustment(lamp, adjustmentOf(-6)), {
    product_id: 'lamp',
    kind: 'adjusted',
    on_hand_change: -6,
    reserved_change: 0,
    order_id: null,
    source_id: null,
    reason: 'counted',
    actor: 'staff:1',
  });
});

test('a refusal says what is wrong in a form for programs', () => {
  const nothing = refusalOf(adjustmentOf(0));
  assert.equal(nothing.code, 'validation_failed');
  const [error] = nothing.details['errors'] as { pointer: string; detail: string }[];
  assert.equal(error?.pointer, '/quantity_change');
  assert.ok(error?.detail);
  assert.deepEqual(refusalOf(adjustmentOf(1, { expected_on_hand: 9 })), { code: 'stock_mismatch', details: { on_hand: 10 } });
  assert.deepEqual(refusalOf(adjustmentOf(-7)), { code: 'stock_reserved', details: { on_hand: 10, reserved: 4 } });
  assert.deepEqual(refusalOf(adjustmentOf(onHandMax)), {
    code: 'stock_too_large',
    details: { on_hand: 10, pointer: '/quantity_change' },
  });
});

test('each adjustment of a batch is decided on what those before it left, and one that is refused stops none', () => {
  const decisions = decideAdjustments(new Map([['lamp', lamp]]), [
    { product_id: 'lamp', ...adjustmentOf(-5) },
    { product_id: 'lamp', ...adjustmentOf(-2) },
    { product_id: 'chair', ...adjustmentOf(1) },
    { product_id: 'lamp', ...adjustmentOf(2, { expected_on_hand: 5 }) },
  ]);
  const outcomes = decisions.map((decision) =>
    'refused' in decision ? decision.refused.code : [decision.movement.on_hand_change, decision.after],
  );
  assert.deepEqual(outcomes, [[-5, { ...lamp, on_hand: 5 }], 'stock_reserved', 'not_found', [2, { ...lamp, on_hand: 7 }]]);
});
