import { refundRequested } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { PaymentsContext } from '../context.ts';
import { refundReturns } from '../use-cases/refund-returns.ts';

/** The id of a refund is that of the request, so a repeat finds it made; no inbox is needed. */
export const refundReturnConsumer = defineConsumer({
  queue: 'payments.refund-return',
  events: [refundRequested],
  deduplicate: 'business_key',
  handle: (ctx: PaymentsContext, tx, events) => refundReturns(ctx, tx, events),
});
