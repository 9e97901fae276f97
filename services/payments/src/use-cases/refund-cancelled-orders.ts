import type { EventOf, orderCancelled } from '@souk/contracts';
import { type Cause, causeOf } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { PaymentsContext } from '../context.ts';
import {
  type CancellationStep,
  cancellationChange,
  cancellationRefundIdOf,
  decideCancellation,
  declinedByCancellation,
  paymentIdOf,
} from '../domain/payment.ts';
import { paymentsVoided } from '../events.ts';
import { rememberCancelled } from '../store/cancelled-orders.ts';
import { type CancelledPayment, lockOrders, lockPayments, type PaymentRow, writeCancellations } from '../store/payments.ts';
import type { NewRefund } from '../store/refunds.ts';
import { processed } from './announce.ts';
import { promisedRefunds } from './promised-refunds.ts';

type Cancelled = EventOf<typeof orderCancelled>;

interface Case {
  order_id: string;
  reason: string;
  cause: Cause;
  payment: PaymentRow | undefined;
  step: CancellationStep;
}

interface KnownCase extends Case {
  payment: PaymentRow;
  change: ReturnType<typeof cancellationChange>;
}

/**
 * Undoes the payments of cancelled orders: one that has not started is void, one that may have been charged is settled
 * first, a captured one is given back, and one that has not been asked for yet never will be charged.
 */
export async function refundCancelledOrders(ctx: PaymentsContext, tx: Tx, events: readonly Cancelled[]): Promise<void> {
  const first = new Map<string, Cancelled>();
  for (const event of events) if (!first.has(event.order_id)) first.set(event.order_id, event);
  await lockOrders(tx, [...first.keys()]);
  const payments = new Map((await lockPayments(tx, [...first.keys()].map(paymentIdOf))).map((row) => [row.order_id, row]));
  const cases = [...first.values()].map((event): Case => {
    const payment = payments.get(event.order_id);
    return { order_id: event.order_id, reason: event.reason, cause: causeOf(event), payment, step: decideCancellation(payment) };
  });

  const now_ms = ctx.clock.now();
  const known = cases.flatMap((one): KnownCase[] =>
    one.payment === undefined || one.step === 'nothing'
      ? []
      : [{ ...one, payment: one.payment, change: cancellationChange(one.payment, one.step) }],
  );
  const voids = known.filter(({ change }) => change.void);
  const refunds = promisedRefunds(ctx, known.filter(({ change }) => change.refund_amount > 0).map(toRefund));
  tx.onCommit(() => {
    paymentsVoided(ctx, voids.length);
    refunds.begin();
    // Its customer must not pay any more.
    if (known.some(({ payment }) => payment.status === 'action_required')) ctx.wakeJob('charge-payments');
  });
  await Promise.all([
    rememberCancelled(
      tx,
      cases.filter((one) => one.step === 'remember'),
      now_ms,
    ),
    writeCancellations(tx, known.map(toChange), now_ms),
    refunds.write(tx, now_ms),
    ctx.outbox.append(
      tx,
      voids.map(({ payment, cause }) => processed(payment, { status: 'declined', decline_code: declinedByCancellation }, cause)),
    ),
  ]);
}

function toChange({ payment, reason, change }: KnownCase): CancelledPayment {
  return { id: payment.id, reason, ...change };
}

function toRefund({ payment, reason, cause, change }: KnownCase): { payment: PaymentRow; refund: NewRefund } {
  const refund: NewRefund = {
    id: cancellationRefundIdOf(payment.id),
    payment_id: payment.id,
    kind: 'cancellation',
    amount: change.refund_amount,
    currency: payment.currency,
    reason,
    cause,
  };
  return { payment, refund };
}
