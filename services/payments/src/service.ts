/** The table of contents: everything this service does. */
import { buildService, type Service } from '@souk/service-kit';
import type { PaymentsConfig } from './config.ts';
import { createPaymentConsumer } from './consumers/create-payment.ts';
import { eraseUserConsumer } from './consumers/erase-user.ts';
import { linkGuestConsumer } from './consumers/link-guest.ts';
import { refundPaymentConsumer } from './consumers/refund-payment.ts';
import { refundReturnConsumer } from './consumers/refund-return.ts';
import { openPaymentsContext, type PaymentsContext, type PaymentsOverrides } from './context.ts';
import { paymentRoutes } from './http/payments.ts';
import { askForReports } from './jobs/ask-for-reports.ts';
import { chargePayments } from './jobs/charge-payments.ts';
import { forgetRefusals } from './jobs/forget-refusals.ts';
import { payRefunds } from './jobs/pay-refunds.ts';
import { readDisputes } from './jobs/read-disputes.ts';
import { chargePayment } from './use-cases/charge-payment.ts';
import { allEnded, closeProviderLimiters, openProviderLimiters } from './use-cases/open-provider-limiters.ts';
import { payRefund } from './use-cases/pay-refund.ts';
import { readCancellationRecords, readPaymentRecords, readProviderRecords } from './use-cases/read-audit-records.ts';
import { orderRecordsReader } from './use-cases/read-order-records.ts';
import { republishDisputes, republishFailedRefunds, republishRefunds } from './use-cases/republish-refunds.ts';
import { settleCharges } from './use-cases/settle-charges.ts';
import { settleRefunds } from './use-cases/settle-refunds.ts';

export const paymentsMigrations = new URL('../migrations/', import.meta.url);

export function buildPayments(config: PaymentsConfig, overrides: PaymentsOverrides): Service<PaymentsContext> {
  const context = openPaymentsContext(config, overrides, { charge: chargePayment, settleCharges, refund: payRefund, settleRefunds });
  return buildService<PaymentsContext>({
    context,
    migrations: [paymentsMigrations],
    routes: paymentRoutes,
    consumers: [createPaymentConsumer, refundPaymentConsumer, refundReturnConsumer, eraseUserConsumer, linkGuestConsumer],
    jobs: [chargePayments, payRefunds, readDisputes, askForReports, forgetRefusals],
    audit_records: { payments: readPaymentRecords, cancellations: readCancellationRecords, provider: readProviderRecords },
    order_records: orderRecordsReader,
    republish: [republishRefunds, republishFailedRefunds, republishDisputes],
    onStart: async (ctx) => openProviderLimiters(ctx),
    onStop: closeProviderLimiters,
    // Money under way at the provider.
    isIdle: allEnded,
  });
}
