import type { Job } from '@souk/service-kit';
import type { OrdersConfig } from '../config.ts';
import type { OrdersContext } from '../context.ts';
import { expireOrders as expireOverdue } from '../use-cases/expire-orders.ts';

/** No order expires while the saga's consumer is away or behind: an outage never cancels what is already answered. */
export function expireOrders({ deadline_poll_ms }: OrdersConfig): Job<OrdersContext> {
  return {
    name: 'expire-orders',
    every_ms: deadline_poll_ms,
    run: (ctx) => expireOverdue(ctx, ctx.messaging.consumption('orders.checkout')?.processedUntil() ?? 0),
  };
}
