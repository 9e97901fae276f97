import { buildService, idKey, recordsPage, type Service } from '@souk/service-kit';
import type { NotificationsConfig } from './config.ts';
import { notifyCustomerConsumer } from './consumers/notify-customer.ts';
import { sendAccountMailConsumer } from './consumers/send-account-mail.ts';
import { trackContactsConsumer } from './consumers/track-contacts.ts';
import { type NotificationsContext, type NotificationsOverrides, openNotificationsContext } from './context.ts';
import { notificationRoutes } from './http/notifications.ts';
import { forgetMessages } from './jobs/forget-messages.ts';
import { sendMessages } from './jobs/send-messages.ts';
import { notificationRecords, orderMessages } from './store/audit-records.ts';

/** Everything this service does. */
export function buildNotifications(config: NotificationsConfig, overrides: NotificationsOverrides): Service<NotificationsContext> {
  return buildService({
    context: openNotificationsContext(config, overrides),
    migrations: [new URL('../migrations/', import.meta.url)],
    routes: [...notificationRoutes],
    consumers: [trackContactsConsumer, sendAccountMailConsumer, notifyCustomerConsumer],
    jobs: [sendMessages, forgetMessages],
    audit_records: {
      notifications: async (ctx, after, limit) => recordsPage(await notificationRecords(ctx.db, after, limit), limit),
      order_messages: async (ctx, after, limit) => recordsPage(await orderMessages(ctx.db, idKey(after), limit), limit),
    },
    async onStop(ctx) {
      for (const sender of Object.values(ctx.senders)) sender.close();
    },
  });
}
