import { type Refund, refusal } from '@souk/contracts';
import { timestamp, toMinor } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { PaymentsContext } from '../context.ts';
import { checkRefund } from '../domain/payment.ts';
import { lockPayments, promiseRefund } from '../store/payments.ts';
import type { NewRefund } from '../store/refunds.ts';
import { presentRefund } from './present-payment.ts';
import { promisedRefunds } from './promised-refunds.ts';

export interface RefundCommand {
  payment_id: string;
  /** Major units, as on the wire. */
  amount: number;
  reason: string;
  cause: Cause;
}

/**
 * Promises money of a captured payment back; the provider is asked after the commit. Throws `not_found`,
 * `amount_invalid`, `payment_not_captured`, `refund_exceeds_captured`.
 */
export async function refundPayment(ctx: PaymentsContext, tx: Tx, { payment_id, amount, reason, cause }: RefundCommand): Promise<Refund> {
  const [payment] = await lockPayments(tx, [payment_id]);
  if (payment === undefined) throw refusal('not_found', 'There is no such payment.');
  const { currency } = payment;
  const minor = toMinor(amount, currency, '/amount');
  checkRefund(payment, minor);
  const now_ms = ctx.clock.now();
  const refund: NewRefund = { id: ctx.ids.uuid(), payment_id, kind: 'staff', amount: minor, currency, reason, cause };
  const promised = promisedRefunds(ctx, [{ payment, refund }]);
  tx.onCommit(() => promised.begin());
  await Promise.all([promiseRefund(tx, payment_id, minor, now_ms), promised.write(tx, now_ms)]);
  const at = timestamp(now_ms);
  return presentRefund({ ...refund, status: 'pending', failure_code: null, retried_as: null, created_at: at, updated_at: at });
}
