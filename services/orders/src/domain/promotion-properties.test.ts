/**
 * Properties of promotions over random orders. `SOUK_RANDOM_ORDERS` says how many, `SOUK_RANDOM_SEED` where to begin; the
 * test prints both. Every order is priced in two orders of its lines and offers, as one that is quoted and then placed.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CatalogueProduct } from './goods.ts';
import { type Price, priceOrder } from './price-order.ts';
import { compileRules, type PricingRules } from './pricing-rules.ts';
import type { PromotionRule } from './promotion-rules.ts';
import type { Offer } from './promotions.ts';

const orders = Number(process.env['SOUK_RANDOM_ORDERS'] ?? 10_000);
const seed = Number(process.env['SOUK_RANDOM_SEED'] ?? 20_261_130);

/** Marsaglia's xorshift with 32 bits: the same numbers from the same seed. */
function randomNumbers(start: number): (below: number) => number {
  let state = start | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const all = { products: [], groups: [], categories: [] };
const zone = { id: 'z', countries: [], regions: [], postal_prefixes: [] };
const method = {
  ...{
    code: 'post',
    zone_id: 'z',
    name: 'Post',
    currency: 'EUR',
    free_from: 6_000,
    days_min: 1,
    days_max: 3,
    tax_class: null,
    position: 0,
  },
  kind: 'by_subtotal' as const,
  steps: [
    { from: 0, amount: 790 },
    { from: 3_000, amount: 490 },
  ],
};
const rate = { country: 'DE', region: null, postal_prefix: null, valid_from_ms: null, valid_until_ms: null, name: 'VAT' };
const rulesOf = (included: boolean): PricingRules =>
  compileRules(
    {
      version: 1,
      countries: [{ country: 'DE', included }],
      rates: [{ ...rate, tax_class: 'standard', rate_ppm: 190_000 }],
      zones: [zone],
      methods: [method],
      promotions: [],
    },
    new Map([['DE', 'DE']]),
  );
const shops = [rulesOf(true), rulesOf(false)] as const;

function aProduct(random: (below: number) => number, place: number): CatalogueProduct {
  return {
    ...{
      product_id: `p${(place * 7) % 10}`,
      product_version: 1,
      sku: 'S',
      name: 'N',
      currency: 'EUR',
      status: 'active',
      tax_class: null,
      weight_g: null,
    },
    price: random(random(3) === 0 ? 20 : 20_000),
    group_id: random(2) === 0 ? null : `g${random(2)}`,
    category: random(2) === 0 ? null : `c${random(2)}`,
  };
}

function aScope(random: (below: number) => number): PromotionRule['scope'] {
  const which = random(5);
  if (which === 0) return { ...all, products: [`p${random(10)}`, `p${random(10)}`] };
  if (which === 1) return { ...all, groups: [`g${random(2)}`] };
  return which === 2 ? { ...all, categories: [`c${random(2)}`] } : all;
}

function anOffer(random: (below: number) => number, place: number): Offer {
  const kind = (['percent', 'fixed', 'free_shipping', 'buy_get'] as const)[random(4)] as PromotionRule['kind'];
  const target: PromotionRule['target'] =
    kind === 'free_shipping'
      ? 'shipping'
      : kind === 'buy_get'
        ? 'lines'
        : ((['lines', 'order', 'shipping'] as const)[random(3)] ?? 'lines');
  const rule: PromotionRule = {
    ...{ id: `r${(place * 3) % 10}`, label: 'L', kind, target, currency: random(8) === 0 ? 'USD' : 'EUR' },
    value: { percent: 1 + random(1_000_000), fixed: 1 + random(5_000), free_shipping: 0, buy_get: 0 }[kind],
    scope: target === 'order' ? all : aScope(random),
    get_scope: kind === 'buy_get' && random(2) === 0 ? aScope(random) : null,
    min_subtotal: random(3) === 0 ? random(10_000) : 0,
    ...(kind === 'buy_get'
      ? {
          buy_quantity: 1 + random(3),
          get_quantity: 1 + random(2),
          get_ppm: 1 + random(1_000_000),
          sets_max: random(3) === 0 ? 1 + random(3) : null,
        }
      : { buy_quantity: null, get_quantity: null, get_ppm: null, sets_max: null }),
    ...{
      uses_max: null,
      uses_per_customer: null,
      starts_at_ms: null,
      ends_at_ms: null,
      combinable: random(4) > 0,
      priority: random(3),
      automatic: true,
    },
  };
  return { rule, code: random(2) === 0 ? null : rule.id };
}

const sumOf = (amounts: readonly (number | undefined)[]): number => amounts.reduce<number>((sum, amount) => sum + (amount ?? 0), 0);

function checkSums({ items, totals, total_amount, refused_codes }: Price, offers: readonly Offer[], included: boolean): void {
  assert.ok(totals);
  const { discounts = [], items_total, shipping_total, tax_total } = totals;
  const off_goods = sumOf(discounts.map(({ target, amount }) => (target === 'shipping' ? 0 : amount)));
  assert.equal(sumOf(items.map(({ discount }) => discount)), off_goods);
  assert.equal(total_amount, items_total - off_goods + shipping_total + (included ? 0 : tax_total));
  assert.equal(sumOf(items.map(({ paid, line_total, shipping }) => (paid ?? line_total) + (shipping ?? 0))), total_amount);
  for (const { line_total, discount = 0, tax = 0, paid = line_total, shipping = 0 } of items) {
    assert.ok(Number.isSafeInteger(discount) && discount >= 0 && discount <= line_total && shipping >= 0);
    assert.equal(paid, line_total - discount + (included ? 0 : tax));
  }
  for (const { promotion_id, amount } of discounts) {
    const rule = offers.find(({ rule: { id } }) => id === promotion_id)?.rule;
    assert.ok(rule && amount > 0);
    if (rule.kind === 'fixed') assert.ok(amount <= rule.value);
    if (!rule.combinable) assert.equal(discounts.length, 1);
  }
  for (const { code, rule } of offers) {
    const applies = discounts.some(({ promotion_id }) => promotion_id === rule.id);
    if (code !== null)
      assert.notEqual(
        applies,
        refused_codes.some((refused) => refused.code === code),
        'a code applies or is refused',
      );
  }
}

test(`${orders} random orders from seed ${seed}: sums are exact, shares in their bounds, nothing depends on the order of adding`, () => {
  const random = randomNumbers(seed);
  for (let n = 0; n < orders; n += 1) {
    const products = Array.from({ length: 1 + random(5) }, (_, place) => aProduct(random, place));
    const offers = Array.from({ length: random(5) }, (_, place) => anOffer(random, place));
    const items = products.map(({ product_id }) => ({ product_id, quantity: 1 + random(4) }));
    const catalogue = new Map(products.map((product) => [product.product_id, product]));
    const included = random(2) === 0;
    const rules = shops[included ? 0 : 1];
    const price = (given: typeof items, offered: readonly Offer[]): Price =>
      priceOrder({ items: given, shipping_address: { country: 'DE' } }, catalogue, rules, 0, offered);
    const quoted = price(items, offers);
    checkSums(quoted, offers, included);
    const other = price(items.toReversed(), offers.toReversed());
    assert.deepEqual([other.total_amount, other.totals?.discounts], [quoted.total_amount, quoted.totals?.discounts]);
    for (const { product_id, discount } of other.items)
      assert.equal(quoted.items.find((line) => line.product_id === product_id)?.discount, discount);
    // No set of promotions that may be had costs less, and none costs more than no promotion.
    assert.ok(price(items, []).total_amount >= quoted.total_amount);
    for (const { rule, code } of offers)
      if (!rule.combinable) assert.ok(price(items, [{ rule, code }]).total_amount >= quoted.total_amount);
    assert.ok(
      price(
        items,
        offers.filter(({ rule }) => rule.combinable),
      ).total_amount >= quoted.total_amount,
    );
  }
});
