import { joined, timestamp } from '@souk/kernel';
import { type Cause, causeWithin } from '@souk/messaging';
import type { OrdersContext } from '../context.ts';
import { lockOverdue, type OverdueOrder } from '../store/checkouts.ts';
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
    if (overdue.length === 0) return false;
    const parents = overdue.map(({ traceparent }) => traceparent ?? undefined);
    await joined(ctx.tracer, { name: 'pass deadline', parents }, (spans) => {
      const inputs = overdue.map((order, place) => ({
        saga_id: order.id,
        input_id: `deadline:${order.deadline_at}`,
        input: { name: 'deadline_passed', at: ctx.clock.now() } as const,
        cause: causeWithin(storyOf(ctx, order), spans.of(place)),
      }));
      return advanceCheckouts(ctx, tx, inputs);
    });
    return overdue.length === overdueMax;
  });
}

/** What passes belongs to the story in which the order was placed. */
function storyOf({ ids }: OrdersContext, { correlation_id, correlation, traceparent }: OverdueOrder): Cause {
  return {
    correlation_id: correlation_id ?? ids.uuid(),
    ...(correlation !== null && { correlation }),
    ...(traceparent !== null && { traceparent }),
    actor: 'system',
  };
}
