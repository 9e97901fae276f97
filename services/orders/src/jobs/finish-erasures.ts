import type { Job } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import { finishErasures as lookAfterErasures } from '../use-cases/erase-users.ts';

export const finishErasures: Job<OrdersContext> = {
  name: 'finish-erasures',
  every_ms: 60_000,
  run: (ctx, signal) => lookAfterErasures(ctx, signal),
};
