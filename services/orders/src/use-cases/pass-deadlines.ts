import { timestamp } from '@souk/kernel';
import type { OrdersContext } from '../context.ts';
import { lockOverdue } from '../store/checkouts.ts';
import { advanceCheckouts } from './advance-checkout.ts';

const overdueMax = 200;

/**
 * Tells orders that their deadline has passed, where it lies before `drained_until`: what had been answered in time has
 * been heard by then. True when there may be more.
 */
export async function passDeadlines(ctx: OrdersContext, drained_until: number): Promise<boolean> {
  const passed_until = Math.min(drained_until, ctx.clock.now());
  if (passed_until <= 0) return false;
  return ctx.db.transaction(async (tx) => {
    const overdue = await lockOverdue(tx, timestamp(passed_until), overdueMax);
    const inputs = overdue.map(({ id, deadline_at }) => ({
      saga_id: id,
      input_id: `deadline:${deadline_at}`,
      input: { name: 'deadline_passed', at: ctx.clock.now() } as const,
      cause: { correlation_id: ctx.ids.uuid(), actor: 'system' },
    }));
    if (inputs.length > 0) await advanceCheckouts(ctx, tx, inputs);
    return overdue.length === overdueMax;
  });
}
