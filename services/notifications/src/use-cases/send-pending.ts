import { timestamp } from '@souk/kernel';
import type { NotificationsContext } from '../context.ts';
import { claimPending } from '../store/notifications.ts';
import { sendBatch } from './send-batch.ts';

const leaseMs = 120_000;

/** Sends one batch: what the consumers have just written, else what an earlier attempt or process left behind. False: there was nothing. */
export async function sendPending(ctx: NotificationsContext): Promise<boolean> {
  const batch_max = ctx.config.send_batch_max;
  const fresh = ctx.sendQueue.take(batch_max);
  const now = ctx.clock.now();
  const rows =
    fresh.length > 0 ? fresh : await claimPending(ctx.db, { now: timestamp(now), lease_until: timestamp(now + leaseMs), batch_max });
  if (rows.length === 0) return false;
  await sendBatch(ctx, rows);
  return true;
}
