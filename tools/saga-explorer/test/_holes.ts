/** Decisions with a guard, a tombstone or a compensation taken out, and how each of them has to be found. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { realDecisions } from '../src/decisions.ts';
import type { Bounds } from '../src/model/checkout.ts';
import { type Replaced, violationOf } from './_support.ts';

const { inventory, payments } = realDecisions;

interface Hole {
  /** What is missing. */
  without: string;
  replaced: Replaced;
  bounds?: Partial<Bounds>;
  /** What the exploration says. */
  says: RegExp;
}

export function holes(name: string, list: readonly Hole[]): void {
  describe(name, () => {
    for (const { without, replaced, bounds, says } of list)
      test(without, () => {
        const { what, steps } = violationOf(replaced, bounds);
        assert.match(what, says, steps.join('\n'));
        assert.ok(steps.length > 0 && steps.every((step) => step.length > 0));
      });
  });
}

type Cancelled = Parameters<typeof payments.decideCancellation>[0];
type Step = ReturnType<typeof payments.decideCancellation>;

/** No look at whether the order was cancelled before. */
export function unmarked(payment: Cancelled): Step {
  return payments.decideCancellation(payment && { ...payment, cancel_reason: null });
}

/** No look at what goes back already. */
export function whole(...[payment, step]: Parameters<typeof payments.cancellationChange>) {
  return { void: step === 'void', refund_amount: step === 'refund' ? payment.captured : 0 };
}

export function withoutKey(...[existing, refund]: Parameters<typeof payments.insertedRefunds>) {
  return [...existing, { ...refund, status: 'pending' as const }];
}

/** No constraint on the balance. */
export function unchecked(...[stock, movements]: Parameters<typeof inventory.applyMovements>) {
  const [movement] = movements;
  return [...stock.values()].map((row) => ({
    ...row,
    on_hand: row.on_hand + (movement?.on_hand_change ?? 0),
    reserved: row.reserved + (movement?.reserved_change ?? 0),
  }));
}

export function withStep(step: Step, instead: Step) {
  return (payment: Cancelled): Step => {
    const decided = payments.decideCancellation(payment);
    return decided === step ? instead : decided;
  };
}
