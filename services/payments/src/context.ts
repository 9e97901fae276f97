/** What the service hands around, and its builder. */
import { AppError, createBatcher } from '@souk/kernel';
import { openDatabase } from '@souk/postgres';
import { type Overrides, openContext, type ServiceContext } from '@souk/service-kit';
import { createSandboxProvider } from './clients/sandbox-provider.ts';
import { createStripeProvider } from './clients/stripe-provider.ts';
import { systemTimer } from './clients/system-timer.ts';
import type { PaymentsConfig } from './config.ts';
import type { ChargeOutcome } from './domain/charging.ts';
import type { PaymentProvider, RefundAnswer, Timer } from './domain/required-interfaces.ts';
import { shopOpened } from './events.ts';
import type { ChargeTask } from './store/payments.ts';
import type { RefundTask } from './store/refunds.ts';
import { createProviderLimiter, type ProviderLimiter } from './workers/provider-limiter.ts';

/** What became of a charge; `unknown` when the provider did not say. */
export interface SettledCharge {
  task: ChargeTask;
  outcome: ChargeOutcome;
}

/** What became of a refund; `unknown`: it is asked for again later. */
export type RefundOutcome = { status: 'done' } | { status: 'unknown' } | Extract<RefundAnswer, { status: 'failed' }>;

export interface SettledRefund {
  task: RefundTask;
  outcome: RefundOutcome;
}

export interface PaymentsContext extends ServiceContext<PaymentsConfig> {
  readonly provider: PaymentProvider;
  readonly timer: Timer;
  /** Charges in progress in this process. */
  readonly charges: ProviderLimiter<ChargeTask>;
  /** Refunds in progress in this process. */
  readonly refunds: ProviderLimiter<RefundTask>;
  /** Writes what became of a charge, together with others. */
  settleCharge(settled: SettledCharge): Promise<void>;
  settleRefund(settled: SettledRefund): Promise<void>;
}

/** The use cases behind the limiters: the context knows no use case itself. */
export interface ProviderWork {
  charge(ctx: PaymentsContext, task: ChargeTask): Promise<void>;
  settleCharges(ctx: PaymentsContext, group: readonly SettledCharge[]): Promise<void>;
  refund(ctx: PaymentsContext, task: RefundTask): Promise<void>;
  settleRefunds(ctx: PaymentsContext, group: readonly SettledRefund[]): Promise<void>;
}

export interface PaymentsOverrides extends Overrides {
  provider?: PaymentProvider;
  timer?: Timer;
}

const settleBatchMax = 128;
const settleDelayMsMax = 1;
const settleRunsMax = 2;
const settleWaitingMax = 10_000;

export function openPaymentsContext(config: PaymentsConfig, overrides: PaymentsOverrides, work: ProviderWork): PaymentsContext {
  const base = openContext('payments', config, overrides);
  shopOpened(base, config.shop_currency);
  const { log } = base;
  const timer = overrides.timer ?? systemTimer;
  const context: PaymentsContext = {
    ...base,
    timer,
    provider: overrides.provider ?? (config.payment_provider === 'stripe' ? stripeOf(base) : sandboxOf(base, timer)),
    charges: createProviderLimiter<ChargeTask>({
      concurrency_max: config.provider_concurrency,
      waiting_max: config.provider_waiting_max,
      work: (task) => work.charge(context, task),
      failed: (task, error) =>
        log.warn({ err: error, payment_id: task.id, order_id: task.order_id }, 'a charge is looked at again after its lease'),
      onCapacity: () => base.wakeJob('charge-payments'),
    }),
    refunds: createProviderLimiter<RefundTask>({
      concurrency_max: config.refund_concurrency,
      waiting_max: config.provider_waiting_max,
      work: (task) => work.refund(context, task),
      failed: (task, error) =>
        log.warn({ err: error, refund_id: task.id, order_id: task.order_id }, 'a refund is tried again after its lease'),
      onCapacity: () => base.wakeJob('pay-refunds'),
    }),
    settleCharge: grouped((group) => work.settleCharges(context, group)),
    settleRefund: grouped((group) => work.settleRefunds(context, group)),
  };
  return context;
}

function grouped<Input>(run: (group: readonly Input[]) => Promise<void>): (input: Input) => Promise<void> {
  return createBatcher<Input, void>({
    batch_max: settleBatchMax,
    delay_ms_max: settleDelayMsMax,
    runs_max: settleRunsMax,
    waiting_max: settleWaitingMax,
    async run(group) {
      await run(group);
      return group.map(() => undefined);
    },
  });
}

function sandboxOf({ config, clock, log }: ServiceContext<PaymentsConfig>, timer: Timer): PaymentProvider {
  const db = openDatabase({ url: config.database_url, application_name: 'souk sandbox provider', pool_max: config.sandbox_pool_max, log });
  return createSandboxProvider({ db, clock, timer, webhook_secret: config.sandbox_webhook_secret });
}

/** Throws `config_invalid`: a shop that cannot be paid does not start. */
function stripeOf({ config, clock }: ServiceContext<PaymentsConfig>): PaymentProvider {
  const { stripe_secret_key: secret_key, stripe_webhook_secrets: secrets, payment_return_url: return_url } = config;
  if (secret_key === undefined || secrets === undefined || return_url === undefined) {
    const detail = 'PAYMENT_PROVIDER=stripe needs STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRETS and PAYMENT_RETURN_URL.';
    throw new AppError('config_invalid', detail);
  }
  const address = config.stripe_address === undefined ? undefined : new URL(config.stripe_address);
  const webhook_secrets = secrets.split(',').map((secret) => secret.trim());
  return createStripeProvider({
    secret_key,
    webhook_secrets,
    return_url,
    clock,
    timeout_ms: config.provider_timeout_ms,
    ...(address && { address: { host: address.hostname, port: Number(address.port) } }),
  });
}
