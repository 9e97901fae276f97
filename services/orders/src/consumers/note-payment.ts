import { paymentDisputed, paymentRefundFailed } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { OrdersContext } from '../context.ts';
import { notePayments } from '../use-cases/note-payments.ts';

/** What is noted twice is written once, by its key. */
export const notePaymentConsumer = defineConsumer({
  queue: 'orders.note-payment',
  events: [paymentDisputed, paymentRefundFailed],
  deduplicate: 'business_key',
  handle: (ctx: OrdersContext, tx, events) => notePayments(ctx, tx, events),
});
