import { getNotification, getNotificationHistory, resendNotification as resendRoute } from '@souk/contracts';
import { answer, contentTag, listedIds, serve } from '@souk/service-kit';
import type { NotificationsContext } from '../context.ts';
import { readHistoriesOfOrders, readHistory, readNotification } from '../use-cases/read-notifications.ts';
import { resendNotification } from '../use-cases/resend-notification.ts';

export const notificationRoutes = [
  serve(getNotificationHistory, async (ctx: NotificationsContext, { caller, query }) => {
    const order_ids = listedIds(query, 'order_ids');
    return answer(
      200,
      order_ids === undefined ? await readHistory(ctx, caller, query) : await readHistoriesOfOrders(ctx, caller, order_ids),
    );
  }),

  serve(getNotification, async (ctx: NotificationsContext, { caller, params }) => {
    const notification = await readNotification(ctx, caller, params.notification_id);
    return answer(200, notification, { etag: contentTag(notification) });
  }),

  serve(resendRoute, async (ctx: NotificationsContext, { caller, params }) =>
    answer(202, await resendNotification(ctx, caller, params.notification_id)),
  ),
];
