/** Runs inputs through the checkouts of their orders: load and lock, decide, save, append, all in one transaction. */

import { timestamp } from '@souk/kernel';
import { draftsOf, runSaga, type SagaDefinition, type SagaInput, type SagaRun } from '@souk/messaging/saga';
import type { Tx } from '@souk/postgres';
import type { OrdersContext } from '../context.ts';
import { type Checkout, type CheckoutInput, decideCheckout } from '../domain/checkout-saga.ts';
import { isDecided } from '../domain/order.ts';
import { type CheckoutMove, checkoutsMoved } from '../events.ts';
import { type CheckoutStep, causeName, loadCheckouts, saveSteps } from '../store/checkouts.ts';
import { type OrderOutcome, orderKey } from '../store/orders.ts';
import { withOrderEventId } from './order-event-id.ts';

export type CheckoutRun = SagaRun<Checkout, CheckoutInput>;

export function advanceCheckouts(ctx: OrdersContext, tx: Tx, inputs: readonly SagaInput<CheckoutInput>[]): Promise<CheckoutRun> {
  const saga: SagaDefinition<Checkout, CheckoutInput> = {
    load: loadCheckouts,
    decide: decideCheckout,
    async save(transaction, steps) {
      transaction.onCommit(() => afterCommit(ctx, steps));
      await Promise.all([saveSteps(transaction, steps), ctx.outbox.append(transaction, draftsOf(steps).map(withOrderEventId))]);
    },
  };
  return runSaga(saga, tx, inputs);
}

/** Cached copies are invalidated, waiting requests answered, metrics counted. */
function afterCommit(ctx: OrdersContext, steps: readonly CheckoutStep[]): void {
  const moved = steps.filter(({ decision }) => decision.kind === 'move');
  if (moved.length === 0) return;
  forgetOrders(
    ctx,
    moved.map(({ after }) => after.order_id),
  );
  ctx.waiters.decided(moved.filter(({ after }) => isDecided(after.status)).map(outcomeOf));
  checkoutsMoved(ctx, moved.map(moveOf));
}

function moveOf({ before, after, input }: CheckoutStep): CheckoutMove {
  const { total_amount, currency, placed_at } = after;
  const ends = !isDecided(before.status) && isDecided(after.status);
  const cause = causeName(input.input);
  const { traceparent } = input.cause;
  return { from: before.status, to: after.status, cause, total_amount, currency, placed_at, moved_at: input.input.at, ends, traceparent };
}

/** Invalidates cached copies: here at once, in other processes by a broadcast; until it arrives their copies live for a short time only. */
export function forgetOrders({ cache, log }: OrdersContext, order_ids: readonly string[]): void {
  cache
    .invalidate({ keys: [...new Set(order_ids)].map(orderKey) })
    .catch((error: unknown) => log.error({ err: error }, 'orders could not be forgotten by the cache'));
}

function outcomeOf({ after, input }: CheckoutStep): OrderOutcome {
  return {
    id: after.order_id,
    status: after.status,
    version: after.version,
    cancel_reason: after.status === 'cancelled' ? after.cancel_reason : null,
    carrier: after.status === 'shipped' ? after.carrier : null,
    tracking_number: after.status === 'shipped' ? after.tracking_number : null,
    updated_at: timestamp(input.input.at),
  };
}
