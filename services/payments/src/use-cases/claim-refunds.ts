import type { PaymentsContext } from '../context.ts';
import { claimRefunds as claimDue } from '../store/refunds.ts';

const claimMax = 200;

/** Takes refunds that are due. True when there may be more. */
export async function claimRefunds(ctx: PaymentsContext): Promise<boolean> {
  const limit = Math.min(ctx.refunds.room(), claimMax);
  if (limit === 0) return false;
  const tasks = await claimDue(ctx.db, { now_ms: ctx.clock.now(), lease_ms: ctx.config.provider_lease_ms, limit });
  ctx.refunds.take(tasks);
  return tasks.length === limit;
}
