import type { PaymentsContext } from '../context.ts';
import { claimCharges as claimDue } from '../store/payments.ts';

const claimMax = 200;

/** Takes charges that are due: left over for want of room, not known yet, or begun by a process that is gone. True when there may be more. */
export async function claimCharges(ctx: PaymentsContext): Promise<boolean> {
  const limit = Math.min(ctx.charges.room(), claimMax);
  if (limit === 0) return false;
  const tasks = await claimDue(ctx.db, { now_ms: ctx.clock.now(), lease_ms: ctx.config.provider_lease_ms, limit });
  ctx.charges.take(tasks);
  return tasks.length === limit;
}
