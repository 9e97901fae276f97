/** Runs inputs through the checkouts of their orders: load and lock, decide, save, append, all in one transaction. */

import { timestamp } from '@souk/kernel';
import { draftsOf, runSaga, type SagaDefinition, type SagaInput, type SagaRun } from '@souk/messaging/saga';
import type { Tx } from '@souk/postgres';
import type { OrdersContext } from '../context.ts';
import { type Checkout, type CheckoutInput, decideCheckout } from '../domain/checkout-saga.ts';
import { isDecided, needsNoWait } from '../domain/order.ts';
import { type CheckoutMove, checkoutsMoved } from '../events.ts';
import { type CheckoutStep, causeName, loadCheckouts, saveSteps, storedAction } from '../store/checkouts.ts';
import type { OrderOutcome } from '../store/orders.ts';
import { releaseRedemptions } from '../store/redemptions.ts';
import { withOrderEventId } from './order-event-id.ts';

export type CheckoutRun = SagaRun<Checkout, CheckoutInput>;

export function advanceCheckouts(ctx: OrdersContext, tx: Tx, inputs: readonly SagaInput<CheckoutInput>[]): Promise<CheckoutRun> {
  const saga: SagaDefinition<Checkout, CheckoutInput> = {
    load: loadCheckouts,
    decide: decideCheckout,
    async save(transaction, steps) {
      transaction.onCommit(() => afterCommit(ctx, steps));
      await releaseUses(transaction, steps);
      await Promise.all([saveSteps(transaction, steps), ctx.outbox.append(transaction, draftsOf(steps).map(withOrderEventId))]);
    },
  };
  return runSaga(saga, tx, inputs);
}

/** Whatever cancels an order gives back what it used of promotions; a transition happens once. Nothing is sent where nothing is cancelled. */
async function releaseUses(tx: Tx, steps: readonly CheckoutStep[]): Promise<void> {
  const cancelled = steps.filter(({ decision, after }) => decision.kind === 'move' && after.status === 'cancelled');
  if (cancelled.length > 0)
    await releaseRedemptions(
      tx,
      cancelled.map(({ after }) => after.order_id),
    );
}

/** Waiting requests are answered, metrics counted. */
function afterCommit(ctx: OrdersContext, steps: readonly CheckoutStep[]): void {
  const moved = steps.filter(({ decision }) => decision.kind === 'move');
  if (moved.length === 0) return;
  ctx.waiters.decided(moved.map(outcomeOf).filter(needsNoWait));
  checkoutsMoved(ctx, moved.map(moveOf));
}

function moveOf({ before, after, input }: CheckoutStep): CheckoutMove {
  const { total_amount, currency, placed_at } = after;
  const ends = !isDecided(before.status) && isDecided(after.status);
  const cause = causeName(input.input);
  const { traceparent } = input.cause;
  return { from: before.status, to: after.status, cause, total_amount, currency, placed_at, moved_at: input.input.at, ends, traceparent };
}

function outcomeOf({ after, input }: CheckoutStep): OrderOutcome {
  return {
    id: after.order_id,
    status: after.status,
    version: after.version,
    cancel_reason: after.status === 'cancelled' ? after.cancel_reason : null,
    carrier: after.status === 'shipped' ? after.carrier : null,
    tracking_number: after.status === 'shipped' ? after.tracking_number : null,
    payment_action: after.status === 'awaiting_payment' ? storedAction(after.action) : null,
    updated_at: timestamp(input.input.at),
  };
}
