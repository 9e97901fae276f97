import { loadProcessConfig, platformFields, secretField, urlField } from '@souk/service-kit';
import Type, { type Static } from 'typebox';

const count = (description: string, most: number, value: number) =>
  Type.Integer({ minimum: 1, maximum: most, default: value, description });
const milliseconds = (description: string, most: number, value: number) =>
  Type.Integer({ minimum: 1, maximum: most, default: value, description: `${description}, in milliseconds.` });

export const PaymentsConfig = Type.Object({
  ...platformFields,
  provider_timeout_ms: milliseconds('Longest wait for an answer of the payment provider', 60_000, 5_000),
  provider_concurrency: count('Most charges under way at the provider at once.', 1_000, 64),
  provider_waiting_max: count('Most charges held in memory for their turn; further ones wait in the database.', 10_000, 256),
  refund_concurrency: count('Most refunds under way at the provider at once.', 1_000, 16),
  provider_lease_ms: milliseconds('How long a process may work on a payment before another looks after it', 600_000, 15_000),
  provider_retry_first_ms: milliseconds('First delay before an unknown outcome is asked for again', 60_000, 200),
  provider_retry_most_ms: milliseconds('Longest delay before an unknown outcome is asked for again', 3_600_000, 60_000),
  payment_provider: Type.Union([Type.Literal('sandbox'), Type.Literal('stripe')], {
    default: 'sandbox',
    description: 'Who takes the money. With `stripe` its key, webhook secrets and the return address are needed.',
  }),
  stripe_secret_key: Type.Optional(secretField("Secret key of the shop's account at Stripe.")),
  stripe_webhook_secrets: Type.Optional(secretField('Signing secrets of the webhook at Stripe, by commas: two while one is exchanged.')),
  stripe_address: Type.Optional(urlField("Where Stripe's protocol is spoken instead of at Stripe, for trials; http, without a path.")),
  payment_return_url: Type.Optional(urlField('Where customers go after a page of the provider; `{order_id}` in it is the order.')),
  sandbox_pool_max: count('Most database connections of the sandbox provider.', 20, 2),
  sandbox_refusals_kept_days: count('Days for which the sandbox provider keeps its record of charges that took no money.', 36_500, 90),
  sandbox_webhook_secret: Type.Optional(secretField('Signs the webhooks of the sandbox provider; without it all are refused.')),
});
export type PaymentsConfig = Readonly<Static<typeof PaymentsConfig>>;

/** Throws `config_invalid` with every problem at once. */
export function loadPaymentsConfig(): PaymentsConfig {
  return loadProcessConfig('payments', PaymentsConfig, process.env);
}
