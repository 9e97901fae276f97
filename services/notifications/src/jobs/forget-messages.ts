import type { Job } from '@souk/service-kit';
import type { NotificationsContext } from '../context.ts';
import { forgetMessages as forgetOld } from '../use-cases/forget-messages.ts';

/** Retention: address and text of old messages, and old counts of recipients. */
export const forgetMessages: Job<NotificationsContext> = {
  name: 'forget-messages',
  every_ms: 3_600_000,
  run: (ctx) => forgetOld(ctx),
};
