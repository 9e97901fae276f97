/**
 * Erasing a customer: waiting orders are cancelled, finished ones forget where they went, confirmed ones are shipped first
 * and forget afterwards. It is begun by the event and gone on with by a job, because orders placed with a token that has
 * not ended yet, and shipments sent later, come after it.
 */
import { timestamp } from '@souk/kernel';
import type { Tx } from '@souk/postgres';
import type { OrdersContext } from '../context.ts';
import { deleteCarts } from '../store/carts.ts';
import { lockCustomers } from '../store/customers.ts';
import {
  blankAddresses,
  blankReturns,
  closeErasures,
  type Erasure,
  rememberErasures,
  unfinishedErasures,
  waitingOrdersOf,
} from '../store/erasures.ts';
import { forgetLinkedGuests } from '../store/linked-guests.ts';
import { forgetRedeemers } from '../store/redemptions.ts';
import { advanceCheckouts } from './advance-checkout.ts';

const ordersMax = 500;
const usersMax = 200;
/** Longer than any access token lives: after it no order of an erased customer can come any more. */
const lateOrdersMs = 3_600_000;

/** Remembers the erasures and does what can be done now; true when there is more. An order of theirs being placed comes before or is refused. */
export async function eraseUsers(ctx: OrdersContext, tx: Tx, erasures: readonly Erasure[]): Promise<boolean> {
  const user_ids = erasures.map(({ user_id }) => user_id);
  await lockCustomers(tx, user_ids);
  await rememberErasures(tx, erasures);
  await deleteCarts(tx, user_ids);
  await forgetLinkedGuests(tx, user_ids);
  await blankReturns(tx, user_ids);
  return eraseOrders(ctx, tx, erasures);
}

/** Looks after all erasures that are not finished; true when there is more. */
export async function finishErasures(ctx: OrdersContext, signal: AbortSignal): Promise<boolean> {
  let after: string | undefined;
  let more = false;
  while (!signal.aborted) {
    const page = await ctx.db.transaction(async (tx) => {
      const erasures = await unfinishedErasures(tx, after, usersMax);
      if (erasures.length > 0 && (await eraseOrders(ctx, tx, erasures))) more = true;
      return erasures;
    });
    after = page.at(-1)?.user_id;
    if (page.length < usersMax) return more;
  }
  return false;
}

async function eraseOrders(ctx: OrdersContext, tx: Tx, erasures: readonly Erasure[]): Promise<boolean> {
  const causes = new Map(erasures.map(({ user_id, cause }) => [user_id, cause]));
  const user_ids = [...causes.keys()];
  const now = ctx.clock.now();
  const waiting = await waitingOrdersOf(tx, user_ids, ordersMax);
  const inputs = waiting.map(({ id, user_id }) => {
    const { actor: _, ...cause } = causes.get(user_id) ?? { correlation_id: id };
    const input = { name: 'cancel_requested', at: now, reason: 'customer_request', note: 'the account was erased' } as const;
    return { saga_id: id, input_id: cause.causation_id ?? cause.correlation_id, input, cause };
  });
  if (inputs.length > 0) await advanceCheckouts(ctx, tx, inputs);
  const blanked = await blankAddresses(tx, user_ids, timestamp(now), ordersMax);
  if (blanked.length > 0)
    await forgetRedeemers(
      tx,
      blanked.map(({ id }) => id),
    );
  await closeErasures(tx, user_ids, timestamp(now - lateOrdersMs), timestamp(now));
  return waiting.length === ordersMax || blanked.length === ordersMax;
}
