import { type EventOf, type paymentRequested, refusal } from '@souk/contracts';
import { type AppError, toMinor } from '@souk/kernel';
import { causeOf, type Failure } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { PaymentsContext } from '../context.ts';
import { declinedByCancellation, differs, paymentIdOf } from '../domain/payment.ts';
import { paymentsVoided } from '../events.ts';
import { amountsOf, type Intent, insertPayments, lockOrders } from '../store/payments.ts';
import { processed } from './announce.ts';
import { answerRepublished } from './answer-republished.ts';

type Requested = EventOf<typeof paymentRequested>;

interface Wanted {
  event_id: string;
  intent: Intent;
}

/**
 * Stores what is to be charged, once for each order however often it is asked for; the charging itself comes after the
 * commit. A request for another amount than the order's payment is a failure; that of a cancelled order is declined.
 */
export async function createPayments(ctx: PaymentsContext, tx: Tx, events: readonly Requested[]): Promise<Failure[]> {
  const { wanted, failures } = readIntents(events);
  const intents = new Map<string, Intent>();
  for (const { intent } of wanted) if (!intents.has(intent.id)) intents.set(intent.id, intent);
  if (intents.size === 0) return failures;

  const now_ms = ctx.clock.now();
  const begin = ctx.charges.room() >= intents.size;
  await lockOrders(
    tx,
    [...intents.values()].map((intent) => intent.order_id),
  );
  const inserted = await insertPayments(tx, {
    intents: [...intents.values()],
    provider: ctx.provider.name,
    status: begin ? 'charging' : 'requested',
    now_ms,
    due_ms: begin ? now_ms + ctx.config.provider_lease_ms : now_ms,
  });
  const isVoid = new Map(inserted.map((row) => [row.id, row.void]));
  const stored = await storedAmounts(tx, intents, isVoid);
  failures.push(...mismatches(wanted, stored));

  const declined = [...intents.values()].filter((intent) => isVoid.get(intent.id) === true);
  const fresh = [...intents.values()].filter((intent) => isVoid.get(intent.id) === false);
  tx.onCommit(() => {
    paymentsVoided(ctx, declined.length);
    if (begin)
      ctx.charges.take(fresh.map((intent) => ({ ...intent, asked: false, abandons: false, provider_reference: null, attempts: 0 })));
    else if (fresh.length > 0) ctx.wakeJob('charge-payments');
  });
  await answerRepublished(
    ctx,
    tx,
    events.filter((event) => isVoid.get(paymentIdOf(event.order_id)) === undefined),
  );
  await ctx.outbox.append(
    tx,
    declined.map((intent) => processed(intent, { status: 'declined', decline_code: declinedByCancellation }, intent.cause)),
  );
  return failures;
}

function readIntents(events: readonly Requested[]): { wanted: Wanted[]; failures: Failure[] } {
  const wanted: Wanted[] = [];
  const failures: Failure[] = [];
  for (const event of events) {
    const { event_id, order_id, user_id, currency, payment_method } = event;
    try {
      const amount = toMinor(event.amount, currency);
      wanted.push({
        event_id,
        intent: { id: paymentIdOf(order_id), order_id, user_id, amount, currency, payment_method, cause: causeOf(event) },
      });
    } catch (error) {
      // Only this event is wrong; the others of the batch go on.
      failures.push({ event_id, error: error as AppError });
    }
  }
  return { wanted, failures };
}

/** The amounts that count: those just inserted, and those of payments that were there before. */
async function storedAmounts(
  tx: Tx,
  intents: ReadonlyMap<string, Intent>,
  inserted: ReadonlyMap<string, boolean>,
): Promise<Map<string, { amount: number; currency: string }>> {
  const stored = new Map<string, { amount: number; currency: string }>(intents);
  const known = [...intents.keys()].filter((id) => !inserted.has(id));
  if (known.length > 0) for (const row of await amountsOf(tx, known)) stored.set(row.id, row);
  return stored;
}

function mismatches(wanted: readonly Wanted[], stored: ReadonlyMap<string, { amount: number; currency: string }>): Failure[] {
  return wanted.flatMap(({ event_id, intent }) => {
    const payment = stored.get(intent.id);
    if (payment === undefined || !differs(payment, intent)) return [];
    const detail = `Order ${intent.order_id} has a payment over another amount already.`;
    return [{ event_id, error: refusal('payment_mismatch', detail, { order_id: intent.order_id, payment_id: intent.id }) }];
  });
}
