import { returnReceived } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { InventoryContext } from '../context.ts';
import { restockReturns } from '../use-cases/restock-returns.ts';

/** The ledger says what has come back of a return, so a repeat needs no inbox row. */
export const restockReturnConsumer = defineConsumer({
  queue: 'inventory.restock-return',
  events: [returnReceived],
  deduplicate: 'business_key',
  handle: (ctx: InventoryContext, tx, events) => restockReturns(ctx, tx, events),
});
