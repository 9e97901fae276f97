/** Gives money back for returned goods, under the id that was asked for; never more than is left of the payment. */
import { type EventOf, paymentRefundRefused, type refundRequested, refusal } from '@souk/contracts';
import { derivedUuidBeside, toMinor } from '@souk/kernel';
import { causeOf, draft, type EventDraft, type Failure } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { PaymentsContext } from '../context.ts';
import { paymentIdOf, type RefundRefusal, refusedRefund } from '../domain/payment.ts';
import { lockPayments, type PaymentRow, promiseRefund } from '../store/payments.ts';
import { knownRefunds, type NewRefund } from '../store/refunds.ts';
import { promisedRefunds } from './promised-refunds.ts';

type Requested = EventOf<typeof refundRequested>;

export async function refundReturns(ctx: PaymentsContext, tx: Tx, events: readonly Requested[]): Promise<Failure[]> {
  const payments = new Map(
    (await lockPayments(tx, [...new Set(events.map(({ order_id }) => paymentIdOf(order_id)))])).map((row) => [row.id, row]),
  );
  const known = await knownRefunds(
    tx,
    events.map(({ refund_id }) => refund_id),
  );
  const now_ms = ctx.clock.now();
  const promised: { payment: PaymentRow; refund: NewRefund }[] = [];
  const refused: EventDraft[] = [];
  const failures: Failure[] = [];
  for (const event of events) {
    const { event_id, refund_id, order_id, currency, reason } = event;
    if (known.has(refund_id)) continue;
    known.add(refund_id);
    const payment = payments.get(paymentIdOf(order_id));
    const amount = toMinor(event.amount, currency, '/amount');
    const code = refusedRefund(payment, amount);
    if (code !== undefined || payment === undefined) {
      refused.push(refusedDraft(event, code ?? 'payment_not_captured'));
    } else if (payment.currency !== currency) {
      failures.push({ event_id, error: refusal('payment_mismatch', `The payment is in ${payment.currency}, asked for is ${currency}.`) });
    } else {
      // What is promised to one return is not there for the next of the same batch.
      payment.refunding += amount;
      promised.push({
        payment,
        refund: { id: refund_id, payment_id: payment.id, kind: 'return', amount, currency, reason, cause: causeOf(event) },
      });
    }
  }
  const refunds = promisedRefunds(ctx, promised);
  tx.onCommit(() => refunds.begin());
  for (const { payment, refund } of promised) await promiseRefund(tx, payment.id, refund.amount, now_ms);
  // A refusal leaves no row: a request that comes again is refused again, and said so once while that waits to be published.
  await Promise.all([refunds.write(tx, now_ms), ctx.outbox.appendMissing(tx, refused)]);
  return failures;
}

function refusedDraft(event: Requested, code: RefundRefusal): EventDraft {
  const { refund_id, order_id, return_id } = event;
  const event_id = derivedUuidBeside(refund_id, paymentRefundRefused.event_type);
  return draft(paymentRefundRefused, { refund_id, order_id, return_id, code }, causeOf(event), event_id);
}
