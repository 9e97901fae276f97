import { buildService, type Service } from '@souk/service-kit';
import type { NotificationsConfig } from './config.ts';
import { notifyCustomerConsumer } from './consumers/notify-customer.ts';
import { sendAccountMailConsumer } from './consumers/send-account-mail.ts';
import { sendOrderLinkConsumer } from './consumers/send-order-link.ts';
import { trackContactsConsumer } from './consumers/track-contacts.ts';
import { type NotificationsContext, type NotificationsOverrides, openNotificationsContext } from './context.ts';
import { notificationRoutes } from './http/notifications.ts';
import { webhookHttpRoutes } from './http/webhooks.ts';
import { deliverWebhooks } from './jobs/deliver-webhooks.ts';
import { forgetMessages } from './jobs/forget-messages.ts';
import { keepWebhooks } from './jobs/keep-webhooks.ts';
import { sendMessages } from './jobs/send-messages.ts';
import { messagesOfOrder } from './store/order-records.ts';
import { readDeliveryRecords, readNotificationRecords, readOrderMessages } from './use-cases/read-audit-records.ts';
import { showOverdue } from './use-cases/show-overdue.ts';

/** Everything this service does. */
export function buildNotifications(config: NotificationsConfig, overrides: NotificationsOverrides): Service<NotificationsContext> {
  const context = openNotificationsContext(config, overrides);
  showOverdue(context, context.webhooks.inFlight);
  return buildService({
    context,
    migrations: [new URL('../migrations/', import.meta.url)],
    routes: [...notificationRoutes, ...webhookHttpRoutes],
    consumers: [trackContactsConsumer, sendAccountMailConsumer, notifyCustomerConsumer, sendOrderLinkConsumer],
    jobs: [sendMessages, forgetMessages, deliverWebhooks, keepWebhooks],
    audit_records: { notifications: readNotificationRecords, order_messages: readOrderMessages, deliveries: readDeliveryRecords },
    order_records: { read: async (ctx, order_id) => ({ messages: await messagesOfOrder(ctx.db, order_id) }) },
    async onStop(ctx) {
      await ctx.webhooks.inFlight.stop();
      for (const sender of Object.values(ctx.senders)) sender.close();
    },
  });
}
