import { paymentRequested } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { PaymentsContext } from '../context.ts';
import { takePayments } from '../use-cases/take-payments.ts';

/** The order id is the key of the payment, so a repeat finds its row; no inbox is needed. */
export const takePayment = defineConsumer({
  queue: 'payments.take-payment',
  events: [paymentRequested],
  batch_max: 100,
  deduplicate: 'business_key',
  handle: (ctx: PaymentsContext, tx, events) => takePayments(ctx, tx, events),
});
