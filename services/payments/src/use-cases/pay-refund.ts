import { causeWithin } from '@souk/messaging';
import { traced } from '@souk/telemetry/tracing';
import { atProvider } from '../clients/provider-span.ts';
import type { PaymentsContext } from '../context.ts';
import { refundDelayed } from '../events.ts';
import type { RefundTask } from '../store/refunds.ts';

/** Gives money back at the provider, outside any transaction; tried for ever, always with the same key. */
export function payRefund(ctx: PaymentsContext, task: RefundTask): Promise<void> {
  const attributes = { 'souk.refund_id': task.id, 'souk.order_id': task.order_id, 'souk.attempt': task.attempts + 1 };
  return traced(ctx.tracer, 'pay refund', { parent: task.cause.traceparent, attributes }, async (span) => {
    const within = { ...task, cause: causeWithin(task.cause, span) };
    await ctx.settleRefund({ task: within, done: await isGivenBack(ctx, within) });
  });
}

async function isGivenBack(ctx: PaymentsContext, task: RefundTask): Promise<boolean> {
  const request = { idempotency_key: task.id, charge: task.provider_reference, amount: task.amount, currency: task.currency };
  try {
    await atProvider(ctx, 'refund', task.cause, () => ctx.provider.refund(request));
    return true;
  } catch (error) {
    // Whatever it was, the same refund is asked for again: the key makes that harmless.
    refundDelayed(ctx, task, error);
    return false;
  }
}
