import { type Quote, type QuoteRequest, refusal } from '@souk/contracts';
import type { Cause } from '@souk/messaging';
import type { OrdersContext } from '../context.ts';
import { unknownProducts } from '../domain/goods.ts';
import { priceOrder } from '../domain/price-order.ts';
import { ruleOf } from '../domain/promotion-rules.ts';
import { codeKey, offersOf, usesOf } from '../domain/promotion-uses.ts';
import type { Offer } from '../domain/promotions.ts';
import { toQuote } from '../domain/shown-totals.ts';
import { type QuoteKnowledge, readForQuote, readRules } from '../store/pricing-rules.ts';
import { findPromotion } from '../store/promotions.ts';
import { lookUpProducts, productsUnknown } from './look-up-products.ts';

/** What an order would cost now: by the same function, rules and catalogue as the order itself. `customer_key` is undefined where it is not known who asks. */
export function quoteOrder(ctx: OrdersContext, wanted: QuoteRequest, customer_key: string | undefined, cause: Cause): Promise<Quote> {
  return quoteWith(ctx, wanted, customer_key, [], cause);
}

/** What an order would cost if the promotion applied by itself, whatever its time and limits. Throws `not_found`. */
export async function simulatePromotion(ctx: OrdersContext, promotion_id: string, wanted: QuoteRequest, cause: Cause): Promise<Quote> {
  const promotion = await findPromotion(ctx.db, promotion_id);
  if (promotion === undefined) throw refusal('not_found', 'There is no such promotion.');
  return quoteWith(ctx, wanted, undefined, [{ rule: ruleOf(promotion), code: null }], cause);
}

async function quoteWith(
  ctx: OrdersContext,
  wanted: QuoteRequest,
  customer_key: string | undefined,
  more: readonly Offer[],
  cause: Cause,
): Promise<Quote> {
  const { products, rules_version, codes, limited, by_customer } = await readKnowingAll(ctx, wanted, customer_key, cause);
  const rules = await ctx.rules.of(rules_version, () => readRules(ctx.db));
  const at_ms = ctx.clock.now();
  const { offers, refused } = offersOf(wanted.codes ?? [], rules, usesOf(codes, limited, by_customer), customer_key, at_ms);
  const others = offers.filter(({ rule }) => more.every((one) => one.rule.id !== rule.id));
  const price = priceOrder(wanted, catalogueOf(products), rules, at_ms, [...others, ...more]);
  return toQuote({ ...price, refused_codes: [...refused, ...price.refused_codes] }, at_ms);
}

async function readKnowingAll(
  ctx: OrdersContext,
  wanted: QuoteRequest,
  customer_key: string | undefined,
  cause: Cause,
): Promise<QuoteKnowledge> {
  const product_ids = [...new Set(wanted.items.map(({ product_id }) => product_id))];
  const asked = { product_ids, code_keys: (wanted.codes ?? []).map(codeKey), customer_key: customer_key ?? null };
  const known = await readForQuote(ctx.db, asked);
  const unknown = unknownProducts(wanted, catalogueOf(known.products));
  if (unknown.length === 0) return known;
  const left = await lookUpProducts(ctx, unknown, cause);
  if (left.length > 0) throw productsUnknown(wanted, left);
  return readForQuote(ctx.db, asked);
}

function catalogueOf(products: QuoteKnowledge['products']) {
  return new Map(products.map((product) => [product.product_id, product]));
}
