import { backoffMs } from '@souk/kernel';
import { causeWithin } from '@souk/messaging';
import { joined } from '@souk/telemetry/tracing';
import type { PaymentsContext, SettledRefund } from '../context.ts';
import { refundFailed, refundsPaid } from '../events.ts';
import { failRefunds } from '../store/failed-refunds.ts';
import { lockPayments } from '../store/payments.ts';
import { leaveDone, postponeRefunds, type RefundTask, settleRefunds as writeDone } from '../store/refunds.ts';
import { refunded, refundFailedDraft } from './announce.ts';

/** Writes what became of a group of refunds: those given back and those that failed are booked and published, the others come again later. */
export function settleRefunds(ctx: PaymentsContext, group: readonly SettledRefund[]): Promise<void> {
  const parents = group.map(({ task }) => task.cause.traceparent);
  return joined(ctx.tracer, { name: 'settle refunds', parents }, (spans) =>
    settleGroup(
      ctx,
      group.map(({ task, outcome }, place) => ({ task: { ...task, cause: causeWithin(task.cause, spans.of(place)) }, outcome })),
    ),
  );
}

async function settleGroup(ctx: PaymentsContext, group: readonly SettledRefund[]): Promise<void> {
  const now_ms = ctx.clock.now();
  const ended = group.filter(({ outcome }) => outcome.status !== 'unknown');
  if (ended.length > 0) await book(ctx, ended, now_ms);
  const later = group
    .filter(({ outcome }) => outcome.status === 'unknown')
    .map(({ task }) => ({ id: task.id, due_ms: now_ms + delayOf(ctx, task) }))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  await postponeRefunds(ctx.db, later);
  if (later.length > 0) ctx.timer.after(Math.max(...later.map(({ due_ms }) => due_ms)) - now_ms + 1, () => ctx.wakeJob('pay-refunds'));
}

async function book(ctx: PaymentsContext, ended: readonly SettledRefund[], now_ms: number): Promise<void> {
  const tasks = new Map(ended.map(({ task }) => [task.id, task]));
  const failures = ended.flatMap(({ task: { id }, outcome }) => (outcome.status === 'failed' ? [{ id, code: outcome.code }] : []));
  const done = ended.filter(({ outcome }) => outcome.status === 'done').map(({ task }) => task.id);
  await ctx.db.transaction(async (tx) => {
    await lockPayments(
      tx,
      ended.map(({ task }) => task.payment_id),
    );
    const booked = await writeDone(tx, done, now_ms);
    const refunds = booked.map(({ id }) => tasks.get(id) as RefundTask);
    const asked_about = done.filter((id) => tasks.get(id)?.status === 'done');
    if (asked_about.length > 0) await leaveDone(tx, asked_about);
    const failed = failures.length === 0 ? [] : await failRefunds(tx, failures, now_ms);
    tx.onCommit(() => {
      refundsPaid(ctx, refunds);
      for (const refund of failed) refundFailed(ctx, { ...refund, code: refund.failure_code });
    });
    const drafts = failed.map((refund) => refundFailedDraft(refund, tasks.get(refund.id)?.cause));
    await ctx.outbox.append(tx, [...refunds.map(refunded), ...drafts]);
  });
}

function delayOf({ config }: PaymentsContext, task: RefundTask): number {
  return backoffMs(task.attempts, config.provider_retry_first_ms, config.provider_retry_most_ms);
}
