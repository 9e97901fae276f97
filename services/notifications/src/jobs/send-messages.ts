import type { Job } from '@souk/service-kit';
import type { NotificationsContext } from '../context.ts';
import { sendPending } from '../use-cases/send-pending.ts';

const everyMs = 1_000;

/** Sends what the consumers have just written, and what an earlier attempt or process left behind. */
export const sendMessages: Job<NotificationsContext> = {
  name: 'send-messages',
  every_ms: everyMs,
  run: (ctx) => sendPending(ctx),
};
