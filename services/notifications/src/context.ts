import { createOrderLinks, type OrderLinks, type Overrides, openContext, type ServiceContext } from '@souk/service-kit';
import { createCaptureSender } from './clients/capture-sender.ts';
import { dkimKeyOf } from './clients/dkim-key.ts';
import { createFindOrderSummaries } from './clients/order-summaries.ts';
import { createRender } from './clients/render-message.ts';
import { createResolve, type Resolve } from './clients/resolve-public.ts';
import { createSmtpSender } from './clients/smtp-sender.ts';
import { createWebhookPoster } from './clients/webhook-poster.ts';
import { createWebhookSecrets } from './clients/webhook-secrets.ts';
import type { NotificationsConfig } from './config.ts';
import type { Composing, RenderOrder } from './domain/compose.ts';
import type { FindOrderSummaries, Senders, WebhookPoster, WebhookSecrets } from './domain/required-interfaces.ts';
import { createDeliveriesInFlight, type DeliveriesInFlight } from './workers/deliveries-in-flight.ts';
import { createSendQueue, type SendQueue } from './workers/send-queue.ts';

export interface NotificationsContext extends ServiceContext<NotificationsConfig> {
  /** What messages are made with. */
  composing: Composing;
  senders: Senders;
  /** Makes the links to single orders. */
  order_links: OrderLinks;
  renderOrder: RenderOrder;
  findOrderSummaries: FindOrderSummaries;
  /** Fresh messages on their way from the consumer to the sender. */
  sendQueue: SendQueue;
  webhooks: {
    secrets: WebhookSecrets;
    poster: WebhookPoster;
    inFlight: DeliveriesInFlight;
    /** From 0 to 1, for waits. */
    random: () => number;
  };
}

export interface NotificationsOverrides extends Overrides {
  senders?: Partial<Senders>;
  findOrderSummaries?: FindOrderSummaries;
  resolve?: Resolve;
  random?: () => number;
}

export function openNotificationsContext(config: NotificationsConfig, overrides: NotificationsOverrides): NotificationsContext {
  const email = config.smtp_url
    ? createSmtpSender({
        url: config.smtp_url,
        from: config.mail_from,
        shop_name: config.shop_name,
        reply_to: config.mail_reply_to,
        timeout_ms: config.send_timeout_ms,
        connections_max: config.send_concurrency,
        dkim: dkimKeyOf(config),
      })
    : createCaptureSender();
  const senders = { email, sms: createCaptureSender(), ...overrides.senders };
  const renderer = createRender();
  const base = openContext('notifications', config, overrides);
  const inFlight = createDeliveriesInFlight();
  return {
    ...base,
    composing: {
      render: renderer.message,
      shop: { name: config.shop_name, locale: config.shop_locale, has_pages: config.shop_url !== undefined },
      sends_mail: !senders.email.captures,
      newId: () => base.ids.uuid(),
    },
    senders,
    order_links: createOrderLinks(config.internal_token),
    renderOrder: renderer.order,
    findOrderSummaries: overrides.findOrderSummaries ?? createFindOrderSummaries(base),
    sendQueue: createSendQueue(config.send_batch_max * 10),
    webhooks: {
      secrets: createWebhookSecrets(config.internal_token),
      poster: createWebhookPoster({
        resolve: overrides.resolve ?? createResolve(),
        allow_private: config.webhook_allow_private,
        timeout_ms: config.webhook_timeout_ms,
      }),
      inFlight,
      random: overrides.random ?? Math.random,
    },
  };
}
