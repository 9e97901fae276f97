import { getNotification, getNotificationHistory, type Notification, refusal, resendNotification } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import { answer, type Caller, serve } from '@souk/service-kit';
import type { NotificationsContext } from '../context.ts';
import { findNotification, history, resend } from '../store/notifications.ts';

const historyMax = 100;

export const notificationRoutes = [
  serve(getNotificationHistory, async (ctx: NotificationsContext, { caller, query }) => {
    const user_id = caller.isStaff ? (query.user_id ?? null) : caller.user_id;
    return answer(200, await history(ctx.db, { user_id, order_id: query.order_id ?? null, limit: historyMax }));
  }),

  serve(getNotification, async (ctx: NotificationsContext, { caller, params }) =>
    answer(200, await ownNotification(ctx, caller, params.notification_id)),
  ),

  serve(resendNotification, async (ctx: NotificationsContext, { caller, params }) => {
    const before = await ownNotification(ctx, caller, params.notification_id);
    const notification = await resend(ctx.db, before.id, timestamp(ctx.clock.now()));
    if (!notification) throw refusal('notification_suppressed');
    ctx.wakeJob('send-messages');
    return answer(202, notification);
  }),
];

/** The message if it is the caller's own or the caller is staff; for everybody else it does not exist. */
async function ownNotification(ctx: NotificationsContext, caller: Caller, id: string): Promise<Notification> {
  const notification = await findNotification(ctx.db, id);
  if (!notification || (!caller.isStaff && notification.user_id !== caller.user_id))
    throw refusal('not_found', 'There is no such message.');
  return notification;
}
