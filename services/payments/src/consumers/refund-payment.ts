import { orderCancelled } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { PaymentsContext } from '../context.ts';
import { refundCancelledOrders } from '../use-cases/refund-cancelled-orders.ts';

/** A payment is cancelled once, and its refund has the id that follows from it; no inbox is needed. */
export const refundPaymentConsumer = defineConsumer({
  queue: 'payments.refund-payment',
  events: [orderCancelled],
  batch_max: 100,
  deduplicate: 'business_key',
  handle: (ctx: PaymentsContext, tx, events) => refundCancelledOrders(ctx, tx, events),
});
