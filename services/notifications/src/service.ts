import { buildService, factsPage, idKey, type Service } from '@souk/service-kit';
import type { NotificationsConfig } from './config.ts';
import { sendAccountMail } from './consumers/send-account-mail.ts';
import { tellCustomer } from './consumers/tell-customer.ts';
import { trackContacts } from './consumers/track-contacts.ts';
import { type NotificationsContext, type NotificationsOverrides, openNotificationsContext } from './context.ts';
import { notificationRoutes } from './http/notifications.ts';
import { sendMessages } from './jobs/send-messages.ts';
import { notificationFacts, toldFacts } from './store/facts.ts';

/** Everything this service does. */
export function buildNotifications(config: NotificationsConfig, overrides: NotificationsOverrides): Service<NotificationsContext> {
  return buildService({
    context: openNotificationsContext(config, overrides),
    migrations: [new URL('../migrations/', import.meta.url)],
    routes: [...notificationRoutes],
    consumers: [trackContacts, sendAccountMail, tellCustomer],
    jobs: [sendMessages],
    facts: {
      notifications: async (ctx, after, limit) => factsPage(await notificationFacts(ctx.db, after, limit), limit),
      told: async (ctx, after, limit) => factsPage(await toldFacts(ctx.db, idKey(after), limit), limit),
    },
    async onStop(ctx) {
      for (const sender of Object.values(ctx.senders)) sender.close();
    },
  });
}
