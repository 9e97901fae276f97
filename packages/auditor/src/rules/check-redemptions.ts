/** What orders used of promotions, against what they say was taken off, and against what the promotions count. */
import type { Finding, Suspicion } from '../audit-records.ts';
import type { PromotionRecord } from '../promotion-record.ts';
import type { KnownOrder } from './order-records.ts';

/** The uses of one order. */
export function checkRedemptions({ order_id, status, totals, redemptions = [] }: KnownOrder): Suspicion[] {
  const discounts = totals?.discounts ?? [];
  const found: Suspicion[] = [];
  const kept = redemptions.find(({ state }) => status === 'cancelled' && state === 'held');
  if (kept) {
    const detail = `a cancelled order still uses promotion ${kept.promotion_id}`;
    found.push({ rule: 'redemption_kept', detail, ids: [order_id, kept.promotion_id] });
  }
  const amountOf = new Map(discounts.map(({ promotion_id, amount }) => [promotion_id, amount]));
  const wrong = redemptions.find(
    ({ promotion_id, amount, state }) => amountOf.get(promotion_id) !== amount || (state === 'released' && status !== 'cancelled'),
  );
  const uncounted = discounts.find(
    ({ code, promotion_id }) => code !== null && !redemptions.some((redemption) => redemption.promotion_id === promotion_id),
  );
  const differing = wrong?.promotion_id ?? uncounted?.promotion_id;
  if (differing !== undefined) {
    const detail = wrong
      ? `promotion ${differing} took off ${amountOf.get(differing) ?? 0} minor units, its use is ${wrong.state} over ${wrong.amount}`
      : `promotion ${differing} took something off by a code, and no use of it is known`;
    found.push({ rule: 'redemption_differs', detail, ids: [order_id, differing] });
  }
  return found;
}

/** The counters of one promotion and its codes. */
export function checkPromotion({ promotion_id, used, held, uses_max, codes_differing, codes_exceeded }: PromotionRecord): Finding[] {
  const ids = [promotion_id];
  const found: Finding[] = [];
  if (used !== held) found.push({ rule: 'redemption_differs', detail: `the promotion counts ${used} uses, orders hold ${held}`, ids });
  if (codes_differing > 0)
    found.push({ rule: 'redemption_differs', detail: `${codes_differing} codes of the promotion count other uses than orders hold`, ids });
  if (uses_max !== null && Math.max(used, held) > uses_max)
    found.push({
      rule: 'limit_exceeded',
      detail: `the promotion may be used ${uses_max} times, and is ${Math.max(used, held)} times`,
      ids,
    });
  if (codes_exceeded > 0)
    found.push({ rule: 'limit_exceeded', detail: `${codes_exceeded} codes of the promotion are used more often than they may be`, ids });
  return found;
}
