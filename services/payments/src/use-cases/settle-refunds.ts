import { backoffMs } from '@souk/kernel';
import { causeWithin } from '@souk/messaging';
import { joined } from '@souk/telemetry/tracing';
import type { PaymentsContext, SettledRefund } from '../context.ts';
import { refundsPaid } from '../events.ts';
import { lockPayments } from '../store/payments.ts';
import { postponeRefunds, type RefundTask, settleRefunds as writeDone } from '../store/refunds.ts';
import { refunded } from './announce.ts';

/** Writes what became of a group of refunds: those given back are booked and published, the others come again later. */
export function settleRefunds(ctx: PaymentsContext, group: readonly SettledRefund[]): Promise<void> {
  const parents = group.map(({ task }) => task.cause.traceparent);
  return joined(ctx.tracer, { name: 'settle refunds', parents }, (spans) =>
    settleGroup(
      ctx,
      group.map(({ task, done }, place) => ({ task: { ...task, cause: causeWithin(task.cause, spans.of(place)) }, done })),
    ),
  );
}

async function settleGroup(ctx: PaymentsContext, group: readonly SettledRefund[]): Promise<void> {
  const now_ms = ctx.clock.now();
  const done = group.filter((settled) => settled.done).map((settled) => settled.task);
  const failed = group.filter((settled) => !settled.done).map((settled) => settled.task);
  if (done.length > 0) await book(ctx, done, now_ms);
  const later = failed
    .map((task) => ({ id: task.id, due_ms: now_ms + delayOf(ctx, task) }))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  await postponeRefunds(ctx.db, later);
  if (later.length > 0) ctx.timer.after(Math.max(...later.map(({ due_ms }) => due_ms)) - now_ms + 1, () => ctx.wakeJob('pay-refunds'));
}

async function book(ctx: PaymentsContext, done: readonly RefundTask[], now_ms: number): Promise<void> {
  const tasks = new Map(done.map((task) => [task.id, task]));
  await ctx.db.transaction(async (tx) => {
    await lockPayments(
      tx,
      done.map((task) => task.payment_id),
    );
    const booked = await writeDone(tx, [...tasks.keys()], now_ms);
    const refunds = booked.map(({ id }) => tasks.get(id) as RefundTask);
    tx.onCommit(() => refundsPaid(ctx, refunds));
    await ctx.outbox.append(tx, refunds.map(refunded));
  });
}

function delayOf({ config }: PaymentsContext, task: RefundTask): number {
  return backoffMs(task.attempts, config.provider_retry_first_ms, config.provider_retry_most_ms);
}
