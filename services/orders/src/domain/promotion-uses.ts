/** Which promotions may apply to an order at a moment: by their time, the codes that were sent, and what is left of their limits. */
import type { PricingRules } from './pricing-rules.ts';
import type { PromotionRule } from './promotion-rules.ts';
import type { CodeRefusal, Discount, Offer, RefusedCode } from './promotions.ts';

/** A code by the form in which it is kept. */
export interface KnownCode {
  code_key: string;
  promotion_id: string;
  uses_max: number | null;
  used: number;
  /** It is refused, whatever is left of it. */
  withdrawn: boolean;
}

/** What is used of a promotion with a limit. */
export interface LimitedPromotion {
  id: string;
  uses_max: number | null;
  uses_per_customer: number | null;
  used: number;
}

export interface CustomerUses {
  promotion_id: string;
  customer_key: string;
  uses: number;
}

/** What is known of the uses of promotions; orders of one group count for those behind them. */
export interface PromotionUses {
  codes: Map<string, KnownCode>;
  limited: Map<string, LimitedPromotion>;
  by_customer: Map<string, number>;
}

/** The use of a promotion by an order, as it is kept. */
export interface Redemption {
  promotion_id: string;
  code_key: string | null;
  customer_key: string;
  amount: number;
  /** Whether it counts against the limits of the promotion. */
  counted: boolean;
}

export function usesOf(codes: readonly KnownCode[], limited: readonly LimitedPromotion[], uses: readonly CustomerUses[]): PromotionUses {
  return {
    codes: new Map(codes.map((code) => [code.code_key, { ...code }])),
    limited: new Map(limited.map((promotion) => [promotion.id, { ...promotion }])),
    by_customer: new Map(uses.map(({ promotion_id, customer_key, uses: n }) => [pairOf(promotion_id, customer_key), n])),
  };
}

/** The form in which a code is kept and looked up. */
export function codeKey(code: string): string {
  return code.normalize('NFKC').toUpperCase();
}

/** `customer_key` is undefined where it is not known who asks. */
export function offersOf(
  codes: readonly string[],
  { promotions, automatic }: Pick<PricingRules, 'promotions' | 'automatic'>,
  uses: PromotionUses,
  customer_key: string | undefined,
  at_ms: number,
): { offers: Offer[]; refused: RefusedCode[] } {
  const offers = new Map<string, Offer>();
  const refused: RefusedCode[] = [];
  for (const [key, code] of new Map(codes.map((code) => [codeKey(code), code]))) {
    const known = uses.codes.get(key);
    const rule = known && promotions.get(known.promotion_id);
    const reason = known && rule ? (whyNotByCode(known) ?? whyNotNow(rule, uses, customer_key, at_ms)) : 'unknown';
    if (reason !== undefined || rule === undefined) refused.push({ code, reason: reason ?? 'unknown' });
    // Another code of the same promotion changes nothing.
    else if (offers.has(rule.id)) refused.push({ code, reason: 'no_effect' });
    else offers.set(rule.id, { rule, code });
  }
  for (const rule of automatic)
    if (!offers.has(rule.id) && whyNotNow(rule, uses, customer_key, at_ms) === undefined) offers.set(rule.id, { rule, code: null });
  return { offers: [...offers.values()], refused };
}

function whyNotByCode({ uses_max, used, withdrawn }: KnownCode): CodeRefusal | undefined {
  if (withdrawn) return 'expired';
  return uses_max !== null && used >= uses_max ? 'used_up' : undefined;
}

function whyNotNow(
  { id, uses_max, uses_per_customer, starts_at_ms, ends_at_ms }: PromotionRule,
  { limited, by_customer }: PromotionUses,
  customer_key: string | undefined,
  at_ms: number,
): CodeRefusal | undefined {
  if (starts_at_ms !== null && at_ms < starts_at_ms) return 'not_yet_valid';
  if (ends_at_ms !== null && at_ms >= ends_at_ms) return 'expired';
  const limits = limited.get(id);
  // Whose limits were not read with the rest has just been changed: nothing is granted without them.
  if (limits === undefined) return uses_max === null && uses_per_customer === null ? undefined : 'used_up';
  if (limits.uses_max !== null && limits.used >= limits.uses_max) return 'used_up';
  if (limits.uses_per_customer === null || customer_key === undefined) return undefined;
  return (by_customer.get(pairOf(id, customer_key)) ?? 0) >= limits.uses_per_customer ? 'used_by_customer' : undefined;
}

/** The uses by an order that is placed: of codes, and of promotions with limits. They count at once for the orders behind it. */
export function takeUses(uses: PromotionUses, discounts: readonly Discount[], customer_key: string): Redemption[] {
  return discounts.flatMap(({ promotion_id, code, amount }) => {
    const limits = uses.limited.get(promotion_id);
    if (code === null && limits === undefined) return [];
    const code_key = code === null ? null : codeKey(code);
    const known = code_key === null ? undefined : uses.codes.get(code_key);
    if (known) known.used += 1;
    if (limits) {
      limits.used += 1;
      const pair = pairOf(promotion_id, customer_key);
      uses.by_customer.set(pair, (uses.by_customer.get(pair) ?? 0) + 1);
    }
    return [{ promotion_id, code_key, customer_key, amount, counted: limits !== undefined }];
  });
}

function pairOf(promotion_id: string, customer_key: string): string {
  return `${promotion_id} ${customer_key}`;
}
