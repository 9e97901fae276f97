import { paymentRequested } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { PaymentsContext } from '../context.ts';
import { createPayments } from '../use-cases/create-payments.ts';

/** The order id is the key of the payment, so a repeat finds its row; no inbox is needed. */
export const createPaymentConsumer = defineConsumer({
  queue: 'payments.create-payment',
  events: [paymentRequested],
  batch_max: 100,
  deduplicate: 'business_key',
  handle: (ctx: PaymentsContext, tx, events) => createPayments(ctx, tx, events),
});
