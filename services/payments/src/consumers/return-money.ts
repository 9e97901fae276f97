import { orderCancelled } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { PaymentsContext } from '../context.ts';
import { returnMoney as undoPayments } from '../use-cases/return-money.ts';

/** A payment is cancelled once, and its refund has the id that follows from it; no inbox is needed. */
export const returnMoney = defineConsumer({
  queue: 'payments.return-money',
  events: [orderCancelled],
  batch_max: 100,
  deduplicate: 'business_key',
  handle: (ctx: PaymentsContext, tx, events) => undoPayments(ctx, tx, events),
});
