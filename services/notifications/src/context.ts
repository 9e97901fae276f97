import { type Overrides, openContext, type ServiceContext } from '@souk/service-kit';
import { createCaptureSender } from './clients/capture-sender.ts';
import { createRender } from './clients/render-message.ts';
import { createSmtpSender } from './clients/smtp-sender.ts';
import type { NotificationsConfig } from './config.ts';
import type { Render } from './domain/compose.ts';
import type { Senders } from './domain/ports.ts';
import { createPostbag, type Postbag } from './domain/postbag.ts';

export interface NotificationsContext extends ServiceContext<NotificationsConfig> {
  render: Render;
  senders: Senders;
  /** Fresh messages on their way from the consumer to the sender. */
  postbag: Postbag;
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
  return {
    ...openContext('notifications', config, overrides),
    render: createRender(),
    senders: { email, sms: createCaptureSender(), ...overrides.senders },
    postbag: createPostbag(config.send_batch_max * 10),
  };
}
