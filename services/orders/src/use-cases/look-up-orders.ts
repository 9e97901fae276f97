import { orderLinkRequested } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import { type Cause, draft } from '@souk/messaging';
import type { OrdersContext } from '../context.ts';
import { countLookups, forgetLookupCounts, insertLookup, type LookupRequest, ordersByNumber, takeLookups } from '../store/lookups.ts';

/** Name of the job that answers the requests. */
export const lookupsJobName = 'answer-lookups';
const batchMax = 100;
const countsMax = 5_000;
const hourMs = 3_600_000;
/** Most requests with one address within an hour; further ones are answered alike and forgotten. */
const requestsMax = 10;

/** Writes the request down. Whether there is such an order is looked up later: neither the answer nor its time discloses it. */
export async function requestLookup(
  ctx: OrdersContext,
  { order_number, email }: { order_number: string; email: string },
  { actor: _, ...cause }: Cause,
): Promise<void> {
  const created_at = timestamp(ctx.clock.now());
  await insertLookup(ctx.db, { id: ctx.ids.uuid(), order_number, email_digest: ctx.order_links.addressDigest(email), cause, created_at });
  ctx.wakeJob(lookupsJobName);
}

/** Publishes the requests for orders that there are, as far as their addresses have not asked too often; forgets all. True when there may be more. */
export async function answerLookups(ctx: OrdersContext): Promise<boolean> {
  const now_ms = ctx.clock.now();
  const more = await ctx.db.transaction(async (tx) => {
    const requests = await takeLookups(tx, batchMax);
    if (requests.length === 0) return false;
    const window = { now: timestamp(now_ms), ends_at: timestamp(now_ms + hourMs) };
    const sums = await countLookups(tx, countsOf(requests), window);
    const allowed = withinLimit(requests, new Map(sums.map((sum) => [sum.email_digest, sum.requests])));
    const orders = await ordersByNumber(tx, [...new Set(allowed.map(({ order_number }) => order_number))]);
    const byNumber = new Map(orders.map((order) => [order.order_number, order]));
    const events = allowed.flatMap(({ order_number, email_digest, cause }) => {
      const order = byNumber.get(order_number);
      if (order === undefined) return [];
      const { id: order_id, user_id, locale } = order;
      return draft(orderLinkRequested, { order_id, order_number, user_id, ...(locale !== null && { locale }), email_digest }, cause);
    });
    if (events.length > 0) await ctx.outbox.append(tx, events);
    return requests.length === batchMax;
  });
  await forgetLookupCounts(ctx.db, timestamp(now_ms), countsMax);
  return more;
}

function countsOf(requests: readonly LookupRequest[]) {
  const groups = Map.groupBy(requests, ({ email_digest }) => email_digest);
  return [...groups].map(([email_digest, of_address]) => ({ email_digest, requests: of_address.length }));
}

/** The first of them, as many as are left of the hour of each address. */
function withinLimit(requests: readonly LookupRequest[], sums: ReadonlyMap<string, number>): LookupRequest[] {
  const left = new Map(
    countsOf(requests).map(({ email_digest, requests: now }) => [email_digest, requestsMax - ((sums.get(email_digest) ?? 0) - now)]),
  );
  return requests.filter(({ email_digest }) => {
    const room = left.get(email_digest) ?? 0;
    left.set(email_digest, room - 1);
    return room > 0;
  });
}
