import { timestamp } from '@souk/kernel';
import type { NotificationsContext } from '../context.ts';
import { forgetMessagesBefore } from '../store/notifications.ts';
import { forgetLinkCounts } from '../store/order-link-counts.ts';
import { forgetDaysBefore } from '../store/recipient-days.ts';

const dayMs = 86_400_000;
const batchMax = 1_000;
const dateLength = '2026-01-01'.length;

/** Forgets messages that are kept long enough, and counts that have ended. True when there may be more. */
export async function forgetMessages({ db, clock, config }: NotificationsContext): Promise<boolean> {
  const now = clock.now();
  await forgetDaysBefore(db, timestamp(now - dayMs).slice(0, dateLength));
  await forgetLinkCounts(db, timestamp(now));
  return forgetMessagesBefore(db, timestamp(now - config.messages_kept_days * dayMs), batchMax);
}
