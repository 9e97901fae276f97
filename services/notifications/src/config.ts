import { loadProcessConfig, platformFields } from '@souk/service-kit';
import Type, { type Static } from 'typebox';

export const NotificationsConfig = Type.Object({
  ...platformFields,
  smtp_url: Type.Optional(
    Type.String({
      pattern: '^smtps?://',
      examples: ['smtp://user:password@mail.example:587'],
      secret: true,
      description: 'Mail server; without it mail is kept in the history and goes nowhere.',
    }),
  ),
  mail_from: Type.String({ minLength: 3, maxLength: 300, default: 'Souk <shop@souk.example>', description: 'Sender of all mail.' }),
  mail_reply_to: Type.Optional(
    Type.String({
      minLength: 3,
      maxLength: 254,
      examples: ['help@shop.example'],
      description: 'Where answers to mail go; without it to its sender.',
    }),
  ),
  mail_dkim_domain: Type.Optional(
    Type.String({
      maxLength: 253,
      pattern: '^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$',
      examples: ['shop.example'],
      description: 'Domain whose DKIM key signs all mail, as in `d=`; with the selector and the key, or none of the three.',
    }),
  ),
  mail_dkim_selector: Type.Optional(
    Type.String({
      maxLength: 63,
      pattern: '^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$',
      examples: ['souk2026'],
      description: 'Name of the DKIM key, as in `s=`: its public half is the TXT record <selector>._domainkey.<domain>.',
    }),
  ),
  mail_dkim_private_key: Type.Optional(
    Type.String({
      minLength: 32,
      maxLength: 16_384,
      secret: true,
      description: 'Private RSA key that signs mail (DKIM), in PEM; line breaks may be written as \\n.',
    }),
  ),
  shop_locale: Type.Union([Type.Literal('en'), Type.Literal('de'), Type.Literal('fr')], {
    default: 'en',
    description: 'Language of messages about which nothing else is known.',
  }),
  shop_name: Type.String({
    minLength: 1,
    maxLength: 100,
    pattern: '^[^\\u0000-\\u001f\\u007f]*$',
    default: 'Souk',
    description: 'Who signs all messages.',
  }),
  shop_url: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s]+$',
      examples: ['https://shop.example'],
      description:
        'Storefront with the pages /verify-email, /password-reset and /order-link, to which links in mail lead; without it mail carries a code and no link.',
    }),
  ),
  account_mails_per_day_max: Type.Integer({
    minimum: 1,
    maximum: 1_000,
    default: 5,
    description: 'Most mails about accounts (welcome, links) to one address a day, whatever the account.',
  }),
  order_messages_per_day_max: Type.Integer({
    minimum: 1,
    maximum: 100_000,
    default: 10,
    description: 'Most messages about orders a day to one telephone number, or to one address that its owner has not confirmed.',
  }),
  messages_kept_days: Type.Integer({
    minimum: 1,
    maximum: 36_500,
    default: 365,
    description: 'Days after which address and text of a message are forgotten.',
  }),
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
  webhook_allow_private: Type.Boolean({
    default: false,
    description: 'For development: webhooks may lead to private addresses, and to plain HTTP.',
  }),
  webhook_timeout_ms: Type.Integer({
    minimum: 100,
    maximum: 30_000,
    default: 15_000,
    description: 'Longest time for the answer of a webhook, in milliseconds.',
  }),
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
  return loadProcessConfig('notifications', NotificationsConfig, process.env);
}
