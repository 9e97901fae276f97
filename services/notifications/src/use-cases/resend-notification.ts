import { type Notification, refusal } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Caller } from '@souk/service-kit';
import type { NotificationsContext } from '../context.ts';
import { presentNotification } from '../domain/present-notification.ts';
import { resend } from '../store/notifications.ts';
import { asSeenBy, readNotification } from './read-notifications.ts';

/** Makes a message pending again and sees that it leaves soon. What was suppressed stays so. */
export async function resendNotification(ctx: NotificationsContext, caller: Caller, id: string): Promise<Notification> {
  const before = await readNotification(ctx, caller, id);
  const row = await resend(ctx.db, before.id, timestamp(ctx.clock.now()));
  if (!row) throw refusal('notification_suppressed');
  ctx.wakeJob('send-messages');
  return asSeenBy(caller, presentNotification(row));
}
