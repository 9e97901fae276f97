import { causeWithin } from '@souk/messaging';
import { traced } from '@souk/telemetry/tracing';
import { atProvider } from '../clients/provider-span.ts';
import type { PaymentsContext, RefundOutcome } from '../context.ts';
import { refundDelayed } from '../events.ts';
import type { RefundTask } from '../store/refunds.ts';

/** Gives money back at the provider, outside any transaction, always with the same key; one that is done is only asked about. */
export function payRefund(ctx: PaymentsContext, task: RefundTask): Promise<void> {
  const attributes = { 'souk.refund_id': task.id, 'souk.order_id': task.order_id, 'souk.attempt': task.attempts + 1 };
  return traced(ctx.tracer, 'pay refund', { parent: task.cause.traceparent, attributes }, async (span) => {
    const within = { ...task, cause: causeWithin(task.cause, span) };
    await ctx.settleRefund({ task: within, outcome: await outcomeOf(ctx, within) });
  });
}

async function outcomeOf(ctx: PaymentsContext, task: RefundTask): Promise<RefundOutcome> {
  const request = { idempotency_key: task.id, charge: task.provider_reference, amount: task.amount, currency: task.currency };
  try {
    if (task.status === 'pending') {
      const answer = await atProvider(ctx, 'refund', task.cause, () => ctx.provider.refund(request));
      return answer.status === 'pending' ? { status: 'unknown' } : answer;
    }
    const answer = await atProvider(ctx, 'find refund', task.cause, () => ctx.provider.findRefund(request));
    // One that the provider forgot, or is about to give back again, is done until it says otherwise.
    return answer?.status === 'failed' ? answer : { status: 'done' };
  } catch (error) {
    // Whatever it was, the same refund is asked for again: the key makes that harmless.
    refundDelayed(ctx, task, error);
    return { status: 'unknown' };
  }
}
