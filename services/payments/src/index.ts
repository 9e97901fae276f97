export { loadPaymentsConfig, PaymentsConfig } from './config.ts';
export type { PaymentsContext, PaymentsOverrides } from './context.ts';
export type {
  Charge,
  ChargeAnswer,
  ChargeRequest,
  PaymentProvider,
  ProviderStatement,
  RefundRequest,
  Timer,
  WebhookHint,
} from './domain/required-interfaces.ts';
export { buildPayments, paymentsMigrations } from './service.ts';
