import { backoffMs } from '@souk/kernel';
import { causeWithin } from '@souk/messaging';
import { joined } from '@souk/telemetry/tracing';
import type { PaymentsContext, SettledCharge } from '../context.ts';
import { cancellationRefundIdOf, lateRefund } from '../domain/payment.ts';
import { chargesSettled } from '../events.ts';
import { type ChargeResult, settleCharges as writeResults } from '../store/payments.ts';
import { actionRequired, processed } from './announce.ts';
import { promisedRefunds } from './promised-refunds.ts';

/** Writes what became of a group of charges: the payments, the ledger, refunds for cancelled orders and the events, in one transaction. */
export function settleCharges(ctx: PaymentsContext, group: readonly SettledCharge[]): Promise<void> {
  const parents = group.map(({ task }) => task.cause.traceparent);
  return joined(ctx.tracer, { name: 'settle charges', parents }, (spans) =>
    settleGroup(
      ctx,
      group.map(({ task, outcome }, place) => ({ task: { ...task, cause: causeWithin(task.cause, spans.of(place)) }, outcome })),
    ),
  );
}

async function settleGroup(ctx: PaymentsContext, group: readonly SettledCharge[]): Promise<void> {
  const settled = bestOf(group);
  const now_ms = ctx.clock.now();
  const results = [...settled.values()].map((one) => resultOf(ctx, one, now_ms));
  await ctx.db.transaction(async (tx) => {
    const changed = await writeResults(tx, results, now_ms);
    const ended = changed.flatMap(({ id, cancel_reason }) => {
      const { task, outcome } = settled.get(id) as SettledCharge;
      return outcome.status === 'unknown' || outcome.status === 'action_required' ? [] : [{ task, outcome, cancel_reason }];
    });
    const waiting = changed.flatMap(({ id, cancel_reason, asks }) => {
      const { task, outcome } = settled.get(id) as SettledCharge;
      return outcome.status === 'action_required' ? [{ task, page: outcome, cancel_reason, asks }] : [];
    });
    const refunds = promisedRefunds(ctx, ended.flatMap(cancellationRefundOf));
    tx.onCommit(() => {
      chargesSettled(
        ctx,
        results.filter(({ id }) => changed.some((row) => row.id === id)),
      );
      refunds.begin();
      if (waiting.some(({ cancel_reason }) => cancel_reason !== null)) ctx.wakeJob('charge-payments');
    });
    await Promise.all([
      ctx.outbox.append(tx, [
        ...ended.map(({ task, outcome }) => processed(task, outcome, task.cause)),
        ...waiting.filter(({ asks }) => asks).map(({ task, page }) => actionRequired(task, page, task.cause)),
      ]),
      refunds.write(tx, now_ms),
    ]);
  });
  askLater(ctx, results, now_ms);
}

/** One result for each payment; a known one counts more than an unknown one. */
function bestOf(group: readonly SettledCharge[]): Map<string, SettledCharge> {
  const best = new Map<string, SettledCharge>();
  for (const settled of group) if (!best.has(settled.task.id) || settled.outcome.status !== 'unknown') best.set(settled.task.id, settled);
  return best;
}

function resultOf({ config }: PaymentsContext, { task, outcome }: SettledCharge, now_ms: number): ChargeResult {
  const { id } = task;
  const open = { decline_code: null, provider_reference: null, due_ms: null };
  if (outcome.status === 'succeeded') return { ...open, id, status: 'captured', provider_reference: outcome.charge };
  if (outcome.status === 'declined') return { ...open, id, status: 'declined', decline_code: outcome.decline_code };
  const delay_ms = backoffMs(task.attempts, config.provider_retry_first_ms, config.provider_retry_most_ms);
  if (outcome.status === 'unknown') return { ...open, id, status: 'unknown', due_ms: now_ms + delay_ms };
  const { url, until_ms } = outcome;
  // Asked for now and then, should the provider's word be lost, and abandoned when its time is over.
  const due_ms = Math.max(now_ms, Math.min(now_ms + delay_ms, until_ms));
  return { ...open, id, status: 'action_required', due_ms, action: { url, until_ms } };
}

interface Ended extends SettledCharge {
  cancel_reason: string | null;
}

/** The order was cancelled while its payment was under way: what was captured goes back at once. */
function cancellationRefundOf({ task, outcome, cancel_reason }: Ended) {
  const amount = outcome.status === 'succeeded' ? lateRefund({ amount: task.amount, cancel_reason }) : 0;
  if (outcome.status !== 'succeeded' || cancel_reason === null || amount === 0) return [];
  const { id: payment_id, order_id, currency, cause } = task;
  const refund = {
    id: cancellationRefundIdOf(payment_id),
    payment_id,
    kind: 'cancellation' as const,
    amount,
    currency,
    reason: cancel_reason,
    cause,
  };
  return [{ payment: { order_id, provider_reference: outcome.charge }, refund }];
}

/** The poll would find them too, only later. */
function askLater({ timer, wakeJob }: PaymentsContext, results: readonly ChargeResult[], now_ms: number): void {
  const due = results.flatMap(({ due_ms }) => (due_ms === null ? [] : [due_ms]));
  if (due.length > 0) timer.after(Math.max(...due) - now_ms + 1, () => wakeJob('charge-payments'));
}
