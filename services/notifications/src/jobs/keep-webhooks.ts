import type { Job } from '@souk/service-kit';
import type { NotificationsContext } from '../context.ts';
import { keepWebhooks as keep } from '../use-cases/keep-webhooks.ts';

/** Partitions of deliveries, old secrets, and mail about webhooks that were disabled. */
export const keepWebhooks: Job<NotificationsContext> = {
  name: 'keep-webhooks',
  every_ms: 3_600_000,
  run: (ctx) => keep(ctx),
};
