import { getNotification, getNotificationHistory, resendNotification as resendRoute } from '@souk/contracts';
import { answer, contentTag, serve } from '@souk/service-kit';
import type { NotificationsContext } from '../context.ts';
import { readHistory, readNotification } from '../use-cases/read-notifications.ts';
import { resendNotification } from '../use-cases/resend-notification.ts';

export const notificationRoutes = [
  serve(getNotificationHistory, async (ctx: NotificationsContext, { caller, query }) => answer(200, await readHistory(ctx, caller, query))),

  serve(getNotification, async (ctx: NotificationsContext, { caller, params }) => {
    const notification = await readNotification(ctx, caller, params.notification_id);
    return answer(200, notification, { etag: contentTag(notification) });
  }),

  serve(resendRoute, async (ctx: NotificationsContext, { caller, params }) =>
    answer(202, await resendNotification(ctx, caller, params.notification_id)),
  ),
];
