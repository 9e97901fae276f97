import { withinLimit } from '../clients/time-limit.ts';
import type { PaymentsContext } from '../context.ts';
import { tellRefundDelayed } from '../events.ts';
import type { RefundTask } from '../store/refunds.ts';

/** Gives money back at the provider, outside any transaction; tried for ever, always with the same key. */
export async function payRefund(ctx: PaymentsContext, task: RefundTask): Promise<void> {
  await ctx.settleRefund({ task, done: await isGivenBack(ctx, task) });
}

async function isGivenBack(ctx: PaymentsContext, task: RefundTask): Promise<boolean> {
  const { provider, config, timer } = ctx;
  const request = { idempotency_key: task.id, charge: task.provider_reference, amount: task.amount, currency: task.currency };
  try {
    await withinLimit(provider.refund(request), config.provider_timeout_ms, timer);
    return true;
  } catch (error) {
    // Whatever it was, the same refund is asked for again: the key makes that harmless.
    tellRefundDelayed(ctx, task, error);
    return false;
  }
}
