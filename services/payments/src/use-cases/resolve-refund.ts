/** What staff does about a refund that failed: try it again as another one, or note that the money was given back by other means. Once, either. */
import { type Refund, refusal } from '@souk/contracts';
import { derivedUuid, timestamp } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { PaymentsContext } from '../context.ts';
import { checkRefund } from '../domain/payment.ts';
import { type LockedRefund, lockRefund, markRetried, settleByHand } from '../store/failed-refunds.ts';
import { lockPayments, type PaymentRow, promiseRefund } from '../store/payments.ts';
import type { NewRefund } from '../store/refunds.ts';
import { refunded } from './announce.ts';
import { presentRefund } from './present-payment.ts';
import { promisedRefunds } from './promised-refunds.ts';

export interface FailedRefundCommand {
  payment_id: string;
  refund_id: string;
  cause: Cause;
}

/**
 * Promises the money of a failed refund once more, under an id that follows from the failed one. Throws `not_found`, `refund_not_failed`,
 * `refund_exceeds_captured`.
 */
export async function retryRefund(ctx: PaymentsContext, tx: Tx, command: FailedRefundCommand): Promise<Refund> {
  const { payment, refund: failed } = await lockFailed(tx, command);
  const { id, payment_id, amount, currency, reason } = failed;
  checkRefund(payment, amount);
  const now_ms = ctx.clock.now();
  const again: NewRefund = {
    id: derivedUuid('refund-again', id),
    payment_id,
    kind: 'retry',
    amount,
    currency,
    reason,
    cause: command.cause,
    first_id: failed.first_id ?? id,
  };
  const promised = promisedRefunds(ctx, [{ payment, refund: again }]);
  tx.onCommit(() => promised.begin());
  await markRetried(tx, id, again.id, now_ms);
  await promiseRefund(tx, payment_id, amount, now_ms);
  await promised.write(tx, now_ms);
  const at = timestamp(now_ms);
  return presentRefund({ ...again, status: 'pending', failure_code: null, retried_as: null, created_at: at, updated_at: at });
}

/** Throws `not_found`, `refund_not_failed`, `refund_exceeds_captured`. */
export async function settleRefundByHand(ctx: PaymentsContext, tx: Tx, command: FailedRefundCommand): Promise<Refund> {
  const { payment, refund } = await lockFailed(tx, command);
  checkRefund({ ...payment, in_dispute: false }, refund.amount);
  const now_ms = ctx.clock.now();
  await settleByHand(tx, refund.id, now_ms);
  await ctx.outbox.append(tx, [refunded({ ...refund, order_id: payment.order_id, cause: command.cause })]);
  return presentRefund({ ...refund, status: 'by_hand', updated_at: timestamp(now_ms) });
}

async function lockFailed(tx: Tx, { payment_id, refund_id }: FailedRefundCommand): Promise<{ payment: PaymentRow; refund: LockedRefund }> {
  const [payment] = await lockPayments(tx, [payment_id]);
  const refund = payment && (await lockRefund(tx, payment_id, refund_id));
  if (payment === undefined || refund === undefined) throw refusal('not_found', 'There is no such refund.');
  if (refund.status !== 'failed' || refund.retried_as !== null) {
    const now = refund.retried_as === null ? refund.status : 'tried again already';
    throw refusal('refund_not_failed', `The refund is ${now}.`);
  }
  return { payment, refund };
}
