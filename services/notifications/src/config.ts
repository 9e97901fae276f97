import { loadConfig, platformFields } from '@souk/service-kit';
import Type, { type Static } from 'typebox';

export const NotificationsConfig = Type.Object({
  ...platformFields,
  smtp_url: Type.Optional(
    Type.String({
      pattern: '^smtps?://',
      secret: true,
      description: 'Mail server; without it mail is kept in the history and goes nowhere.',
    }),
  ),
  mail_from: Type.String({ minLength: 3, maxLength: 300, default: 'Souk <shop@souk.example>', description: 'Sender of all mail.' }),
  shop_url: Type.String({ pattern: '^https?://', description: 'Where links in messages lead.' }),
  send_batch_max: Type.Integer({ minimum: 1, maximum: 1_000, default: 200, description: 'Most messages sent in one go.' }),
  send_concurrency: Type.Integer({
    minimum: 1,
    maximum: 200,
    default: 16,
    description: 'Most messages on their way to the mail server at once.',
  }),
  send_timeout_ms: Type.Integer({
    minimum: 100,
    maximum: 120_000,
    default: 20_000,
    description: 'Longest time for one message, in milliseconds.',
  }),
  send_attempts_max: Type.Integer({ minimum: 1, maximum: 50, default: 10, description: 'Attempts after which a message has failed.' }),
  send_retry_first_ms: Type.Integer({
    minimum: 10,
    maximum: 600_000,
    default: 5_000,
    description: 'Wait after the first failed attempt; it doubles each time.',
  }),
});
export type NotificationsConfig = Readonly<Static<typeof NotificationsConfig>>;

/** Throws `config_invalid` with every problem at once. */
export function loadNotificationsConfig(): NotificationsConfig {
  return loadConfig('notifications', NotificationsConfig, process.env);
}
