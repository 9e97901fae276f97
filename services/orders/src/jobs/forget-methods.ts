import type { Job } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import { forgetMethods } from '../use-cases/forget-methods.ts';

export const forgetRecentMethods: Job<OrdersContext> = {
  name: 'forget-recent-methods',
  every_ms: 600_000,
  run: (ctx) => forgetMethods(ctx, false),
};

/** The net below: orders that waited longer than a day before they were decided. */
export const forgetAllMethods: Job<OrdersContext> = {
  name: 'forget-all-methods',
  every_ms: 86_400_000,
  run: (ctx) => forgetMethods(ctx, true),
};
