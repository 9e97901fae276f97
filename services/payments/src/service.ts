/** The table of contents: everything this service does. */
import { buildService, type Service } from '@souk/service-kit';
import type { PaymentsConfig } from './config.ts';
import { returnMoney } from './consumers/return-money.ts';
import { takePayment } from './consumers/take-payment.ts';
import { openPaymentsContext, type PaymentsContext, type PaymentsOverrides } from './context.ts';
import { paymentRoutes } from './http/payments.ts';
import { chargePayments } from './jobs/charge-payments.ts';
import { payRefunds } from './jobs/pay-refunds.ts';
import { factsOfPayments, factsOfProvider } from './use-cases/audit-facts.ts';
import { chargePayment } from './use-cases/charge-payment.ts';
import { payRefund } from './use-cases/pay-refund.ts';
import { settleCharges } from './use-cases/settle-charges.ts';
import { settleRefunds } from './use-cases/settle-refunds.ts';
import { allEnded, closeLanes, openLanes } from './use-cases/work-lanes.ts';

export const paymentsMigrations = new URL('../migrations/', import.meta.url);

export function buildPayments(config: PaymentsConfig, overrides: PaymentsOverrides): Service<PaymentsContext> {
  const context = openPaymentsContext(config, overrides, { charge: chargePayment, settleCharges, refund: payRefund, settleRefunds });
  const service = buildService<PaymentsContext>({
    context,
    migrations: [paymentsMigrations],
    routes: paymentRoutes,
    consumers: [takePayment, returnMoney],
    jobs: [chargePayments, payRefunds],
    facts: { payments: factsOfPayments, provider: factsOfProvider },
    onStart: async (ctx) => openLanes(ctx),
    onStop: closeLanes,
  });
  // Money under way at the provider is work that no queue and no outbox shows.
  return Object.create(service, { settled: { value: async () => (await service.settled()) && (await allEnded(context)) } });
}
