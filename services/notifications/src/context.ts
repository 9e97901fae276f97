import { type Overrides, openContext, type ServiceContext } from '@souk/service-kit';
import { createCaptureSender } from './clients/capture-sender.ts';
import { createRender } from './clients/render-message.ts';
import { createSmtpSender } from './clients/smtp-sender.ts';
import type { NotificationsConfig } from './config.ts';
import type { Composing } from './domain/compose.ts';
import type { Senders } from './domain/required-interfaces.ts';
import { createSendQueue, type SendQueue } from './workers/send-queue.ts';

export interface NotificationsContext extends ServiceContext<NotificationsConfig> {
  /** What messages are made with. */
  composing: Composing;
  senders: Senders;
  /** Fresh messages on their way from the consumer to the sender. */
  sendQueue: SendQueue;
}

export interface NotificationsOverrides extends Overrides {
  senders?: Partial<Senders>;
}

export function openNotificationsContext(config: NotificationsConfig, overrides: NotificationsOverrides): NotificationsContext {
  const email = config.smtp_url
    ? createSmtpSender({
        url: config.smtp_url,
        from: config.mail_from,
        timeout_ms: config.send_timeout_ms,
        connections_max: config.send_concurrency,
      })
    : createCaptureSender();
  const base = openContext('notifications', config, overrides);
  return {
    ...base,
    composing: {
      render: createRender(),
      shop: { name: config.shop_name, has_pages: config.shop_url !== undefined },
      newId: () => base.ids.uuid(),
    },
    senders: { email, sms: createCaptureSender(), ...overrides.senders },
    sendQueue: createSendQueue(config.send_batch_max * 10),
  };
}
