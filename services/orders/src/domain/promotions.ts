/**
 * What promotions take off an order: a pure decision over lines in one order of their own (by product), so that nothing
 * depends on the order in which lines or codes were added. Amounts are minor units.
 */
import { type BuyGet, discountedUnits } from './buy-get.ts';
import type { PromotionRule, PromotionScope } from './promotion-rules.ts';
import { partOf, roundedSum, share } from './shares.ts';

const million = 1_000_000;

/** A promotion that may apply: by itself, or by a code. */
export interface Offer {
  rule: PromotionRule;
  /** As the customer wrote it; null where it applies by itself. */
  code: string | null;
}

/** What a promotion took off, as it is frozen in an order. */
export interface Discount {
  promotion_id: string;
  label: string;
  code: string | null;
  target: PromotionRule['target'];
  amount: number;
}

/** Why a code does not apply. */
export type CodeRefusal =
  | 'unknown'
  | 'not_yet_valid'
  | 'expired'
  | 'used_up'
  | 'used_by_customer'
  | 'minimum_not_reached'
  | 'nothing_eligible'
  | 'no_effect'
  | 'not_combinable';

export interface RefusedCode {
  code: string;
  reason: CodeRefusal;
}

/** What promotions look at of a line. */
export interface PromotedLine {
  product_id: string;
  group_id: string | null;
  category: string | null;
  quantity: number;
  price: number;
  line_total: number;
}

export interface DiscountedGoods {
  /** What is left of each line to be paid. */
  values: number[];
  discounts: Discount[];
  refused: RefusedCode[];
}

/** Takes the promotions on lines off, then those on the order, each off what is left. */
export function discountGoods(offers: readonly Offer[], lines: readonly PromotedLine[], currency: string): DiscountedGoods {
  const values = lines.map(({ line_total }) => line_total);
  if (offers.length === 0) return { values, discounts: [], refused: [] };
  const places = byProduct(lines);
  const discounts: Discount[] = [];
  const refused: RefusedCode[] = [];
  for (const offer of [...inTurn(offers, 'lines'), ...inTurn(offers, 'order')]) {
    const eligible = eligiblePlaces(offer.rule, lines, places);
    const reason = whyNot(offer.rule, eligible, values, currency);
    const taken = reason === undefined ? takenOff(offer.rule, eligible, lines, values) : [];
    const amount = sumOf(taken);
    taken.forEach((part, index) => {
      const place = (offer.rule.kind === 'buy_get' ? places : eligible)[index] as number;
      values[place] = (values[place] as number) - part;
    });
    note(offer, amount, reason, { discounts, refused });
  }
  return { values, discounts, refused };
}

export interface DiscountedShipping {
  /** What is left of each of the amounts. */
  amounts: number[];
  discounts: Discount[];
  refused: RefusedCode[];
}

/** Takes the promotions on shipping off the first amount, which is the one that is charged, and in the same way off the others. */
export function discountShipping(
  offers: readonly Offer[],
  lines: readonly PromotedLine[],
  values: readonly number[],
  given: readonly number[],
  currency: string,
): DiscountedShipping {
  let amounts = [...given];
  const discounts: Discount[] = [];
  const refused: RefusedCode[] = [];
  for (const offer of inTurn(offers, 'shipping')) {
    const eligible = eligiblePlaces(offer.rule, lines, byProduct(lines));
    const reason = whyNot(offer.rule, eligible, values, currency);
    const left = reason === undefined ? amounts.map((amount) => amount - offShipping(offer.rule, amount)) : amounts;
    note(offer, (amounts[0] ?? 0) - (left[0] ?? 0), reason, { discounts, refused });
    amounts = left;
  }
  return { amounts, discounts, refused };
}

/** The places of the lines in the one order in which promotions look at them. */
function byProduct(lines: readonly PromotedLine[]): number[] {
  return lines.map((_line, place) => place).sort((one, other) => (productAt(lines, one) < productAt(lines, other) ? -1 : 1));
}

function productAt(lines: readonly PromotedLine[], place: number): string {
  return (lines[place] as PromotedLine).product_id;
}

function inTurn(offers: readonly Offer[], target: PromotionRule['target']): Offer[] {
  return offers.filter(({ rule }) => rule.target === target).sort((one, other) => compareRules(one.rule, other.rule));
}

function compareRules(one: PromotionRule, other: PromotionRule): number {
  return one.priority - other.priority || (one.id < other.id ? -1 : 1);
}

function eligiblePlaces({ scope, get_scope }: PromotionRule, lines: readonly PromotedLine[], places: readonly number[]): number[] {
  return places.filter((place) => {
    const line = lines[place] as PromotedLine;
    return inScope(line, scope) || (get_scope !== null && inScope(line, get_scope));
  });
}

/** A scope that names nothing is everything. */
function inScope({ product_id, group_id, category }: PromotedLine, { products, groups, categories }: PromotionScope): boolean {
  if (products.length === 0 && groups.length === 0 && categories.length === 0) return true;
  return (
    products.includes(product_id) ||
    groups.includes(group_id ?? product_id) ||
    (category !== null && categories.some((named) => named === category))
  );
}

/** The minimum looks at the eligible lines as they are before this promotion. */
function whyNot(
  { currency: own, min_subtotal }: PromotionRule,
  eligible: readonly number[],
  values: readonly number[],
  currency: string,
): CodeRefusal | undefined {
  if (eligible.length === 0 || (own !== null && own !== currency)) return 'nothing_eligible';
  return sumOf(eligible.map((place) => values[place] as number)) < min_subtotal ? 'minimum_not_reached' : undefined;
}

/** Off each of the eligible lines; of `buy_get` off each line, both in the order of products. */
function takenOff(rule: PromotionRule, eligible: readonly number[], lines: readonly PromotedLine[], values: readonly number[]): number[] {
  if (rule.kind === 'buy_get') return takenOffUnits(rule, lines, values);
  const weights = eligible.map((place) => values[place] as number);
  const sum = sumOf(weights);
  const amount = rule.kind === 'percent' ? percentOf(sum, rule.value) : Math.min(rule.value, sum);
  return share(amount, weights);
}

/** A percentage of what the discounted units cost together, as far as it is left. */
function takenOffUnits(rule: PromotionRule, lines: readonly PromotedLine[], values: readonly number[]): number[] {
  const places = byProduct(lines);
  const units = discountedUnits(
    rule as BuyGet,
    places.map((place) => {
      const line = lines[place] as PromotedLine;
      const { scope, get_scope } = rule;
      return { price: line.price, quantity: line.quantity, buys: inScope(line, scope), gets: inScope(line, get_scope ?? scope) };
    }),
  );
  const costs = places.map((place, index) =>
    partOf(values[place] as number, units[index] as number, (lines[place] as PromotedLine).quantity),
  );
  return share(percentOf(sumOf(costs), rule.get_ppm ?? million), costs);
}

function offShipping({ kind, value }: PromotionRule, amount: number): number {
  if (kind === 'free_shipping') return amount;
  return kind === 'percent' ? percentOf(amount, value) : Math.min(value, amount);
}

/** Half up. */
function percentOf(sum: number, ppm: number): number {
  return sum === 0 || ppm === 0 ? 0 : roundedSum([{ amount: sum, times: ppm, divisor: million }]);
}

/** A promotion that takes nothing off is not applied, and its code is refused. */
function note(
  { rule, code }: Offer,
  amount: number,
  reason: CodeRefusal | undefined,
  { discounts, refused }: Pick<DiscountedGoods, 'discounts' | 'refused'>,
): void {
  if (amount > 0) discounts.push({ promotion_id: rule.id, label: rule.label, code, target: rule.target, amount });
  else if (code !== null) refused.push({ code, reason: reason ?? 'no_effect' });
}

/**
 * The sets of promotions that compete for an order: all combinable ones together, first, and each other one alone, in order
 * of id. The lowest total wins, the first of equal ones.
 */
export function competingSets(offers: readonly Offer[]): (readonly Offer[])[] {
  const alone = offers.filter(({ rule }) => !rule.combinable).sort((one, other) => (one.rule.id < other.rule.id ? -1 : 1));
  if (alone.length === 0) return [offers];
  return [offers.filter(({ rule }) => rule.combinable), ...alone.map((offer) => [offer])];
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
