import type { Job } from '@souk/service-kit';
import type { OrdersConfig } from '../config.ts';
import type { OrdersContext } from '../context.ts';
import { passDeadlines as tellOverdueOrders } from '../use-cases/pass-deadlines.ts';

/** Nothing passes while the saga's consumer is away or behind: an outage never cancels what is already answered. */
export function passDeadlines({ deadline_poll_ms }: OrdersConfig): Job<OrdersContext> {
  return {
    name: 'pass-deadlines',
    every_ms: deadline_poll_ms,
    run: (ctx) => tellOverdueOrders(ctx, ctx.messaging.consumption('orders.checkout')?.drainedUntil() ?? 0),
  };
}
