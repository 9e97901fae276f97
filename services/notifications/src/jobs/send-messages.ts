import { timestamp } from '@souk/kernel';
import type { Job } from '@souk/service-kit';
import type { NotificationsContext } from '../context.ts';
import { claimPending } from '../store/notifications.ts';
import { sendBatch } from '../use-cases/send-batch.ts';

const everyMs = 1_000;
const leaseMs = 120_000;

/** Sends what the consumers have just written, and what an earlier attempt or process left behind. */
export const sendMessages: Job<NotificationsContext> = {
  name: 'send-messages',
  every_ms: everyMs,
  async run(ctx) {
    const batch_max = ctx.config.send_batch_max;
    const fresh = ctx.postbag.take(batch_max);
    const now = ctx.clock.now();
    const rows =
      fresh.length > 0 ? fresh : await claimPending(ctx.db, { now: timestamp(now), lease_until: timestamp(now + leaseMs), batch_max });
    if (rows.length === 0) return false;
    await sendBatch(ctx, rows);
    return true;
  },
};
