import { type Notification, refusal } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Caller } from '@souk/service-kit';
import type { NotificationsContext } from '../context.ts';
import { resend } from '../store/notifications.ts';
import { asSeenBy, readNotification } from './read-notifications.ts';

/** Makes a message pending again and sees that it leaves soon. What was suppressed for an erased person stays so. */
export async function resendNotification(ctx: NotificationsContext, caller: Caller, id: string): Promise<Notification> {
  const before = await readNotification(ctx, caller, id);
  const notification = await resend(ctx.db, before.id, timestamp(ctx.clock.now()));
  if (!notification) throw refusal('notification_suppressed');
  ctx.wakeJob('send-messages');
  return asSeenBy(caller, notification);
}
