import { timestamp } from '@souk/kernel';
import { type Cause, causeWithin } from '@souk/messaging';
import { joined } from '@souk/telemetry/tracing';
import type { OrdersContext } from '../context.ts';
import { lockOverdue, type OverdueOrder } from '../store/checkouts.ts';
import { advanceCheckouts } from './advance-checkout.ts';

const overdueMax = 200;

/**
 * Gives the checkout of each overdue order the input `deadline_passed`, where the deadline lies before `processed_until`: answers that
 * came in time have been consumed by then. True when there may be more.
 */
export async function expireOrders(ctx: OrdersContext, processed_until: number): Promise<boolean> {
  const passed_until = Math.min(processed_until, ctx.clock.now());
  if (passed_until <= 0) return false;
  return ctx.db.transaction(async (tx) => {
    const overdue = await lockOverdue(tx, timestamp(passed_until), overdueMax);
    if (overdue.length === 0) return false;
    const parents = overdue.map(({ traceparent }) => traceparent ?? undefined);
    await joined(ctx.tracer, { name: 'expire order', parents }, (spans) => {
      const inputs = overdue.map((order, place) => ({
        saga_id: order.id,
        input_id: `deadline:${order.deadline_at}`,
        input: { name: 'deadline_passed', at: ctx.clock.now() } as const,
        cause: causeWithin(causeOf(ctx, order), spans.of(place)),
      }));
      return advanceCheckouts(ctx, tx, inputs);
    });
    return overdue.length === overdueMax;
  });
}

/** An expiry has the correlation and the trace of the request that placed the order. */
function causeOf({ ids }: OrdersContext, { correlation_id, correlation, traceparent }: OverdueOrder): Cause {
  return {
    correlation_id: correlation_id ?? ids.uuid(),
    ...(correlation !== null && { correlation }),
    ...(traceparent !== null && { traceparent }),
    actor: 'system',
  };
}
