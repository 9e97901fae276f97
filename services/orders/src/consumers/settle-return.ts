import { paymentRefunded, paymentRefundRefused } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { OrdersContext } from '../context.ts';
import { settleReturns } from '../use-cases/settle-returns.ts';

/** The state of the return makes a repeat harmless. */
export const settleReturnConsumer = defineConsumer({
  queue: 'orders.settle-return',
  events: [paymentRefunded, paymentRefundRefused],
  deduplicate: 'business_key',
  handle: (ctx: OrdersContext, tx, events) => settleReturns(ctx, tx, events),
});
