import type { Job } from '@souk/service-kit';
import type { NotificationsContext } from '../context.ts';
import { deliverWebhooks as deliver } from '../use-cases/deliver-webhooks.ts';

/** Posts what is due to webhooks. Where there are none it asks the database nothing. */
export const deliverWebhooks: Job<NotificationsContext> = {
  name: 'deliver-webhooks',
  every_ms: 1_000,
  run: (ctx) => deliver(ctx),
};
