/**
 * What an order costs: one function for quotes and orders, so that what was shown is what is charged. Steps, each on what
 * the one before left: prices, promotions, shipping, its shares, tax, total. Amounts are minor units.
 */
import { amountMinorMax } from '@souk/kernel';
import { type CatalogueProduct, type Goods, type GoodsLine, goodsOf, tooLarge, type WantedGoods } from './goods.ts';
import { type Destination, type Place, placeOf } from './places.ts';
import type { PricingRules } from './pricing-rules.ts';
import { competingSets, type Discount, discountGoods, discountShipping, type Offer, type RefusedCode } from './promotions.ts';
import { share } from './shares.ts';
import { chosenOption, type ShippingOption, shippingOptions } from './shipping.ts';
import { rateFinder, type Tax, type TaxedPart, type TaxLine, taxOf } from './tax.ts';

/** A line as it is frozen in an order. What is left out is nothing: no tax, no shipping, and `paid` is `line_total`. */
export interface OrderLine extends GoodsLine {
  /** What promotions took off `line_total`. */
  discount?: number;
  /** Tax of the goods, inside of `paid`. */
  tax?: number;
  /** What is paid for the goods. */
  paid?: number;
  /** Its share of the shipping with tax. */
  shipping?: number;
  /** Places of its rates among the tax lines of the order; all of them where there are none. */
  rates?: number[];
}

/** How the total came about, frozen in the order. */
export interface OrderTotals {
  rules_version: number;
  items_total: number;
  /** Absent where no promotion applied; those on shipping are taken off `shipping_total` already. */
  discounts?: Discount[];
  /** After promotions; with tax where prices hold it. */
  shipping_total: number;
  tax_total: number;
  tax_included: boolean;
  tax_lines: TaxLine[];
  shipping_method: { code: string; name: string } | null;
  /** Places of the rates of the shipping where it has rates of its own; else it follows the goods. */
  shipping_rates?: number[];
}

export interface PricedOrder {
  items: OrderLine[];
  total_amount: number;
  currency: string;
  /** Null where neither rules nor promotions applied: the total is the sum of the lines. */
  totals: OrderTotals | null;
}

/** A price with everything that it could have been sent by. */
export interface Price extends PricedOrder {
  options: ShippingOption[];
  /** Codes among the offers that do not apply. */
  refused_codes: RefusedCode[];
}

export interface Wanted extends WantedGoods {
  shipping_address: Destination;
  shipping_method?: string | undefined;
}

/** Where an order goes, when, and by which rules. */
interface Terms {
  rules: PricingRules;
  place: Place;
  at_ms: number;
  shipping_method: string | undefined;
}

const nowhere: Place = { country: '', region: undefined, postal: undefined };

/** `offers` are the promotions that may apply at this moment. Throws the refusal of what cannot be had, or not sent there. */
export function priceOrder(
  wanted: Wanted,
  catalogue: ReadonlyMap<string, CatalogueProduct>,
  rules: PricingRules,
  at_ms: number,
  offers: readonly Offer[] = [],
): Price {
  const goods = goodsOf(wanted, catalogue);
  const { shipping_method } = wanted;
  if (rules.isEmpty && shipping_method !== undefined) chosenOption([], shipping_method);
  if (rules.isEmpty && offers.length === 0) return plainPrice(goods);
  const place = rules.isEmpty ? nowhere : placeOf(wanted.shipping_address, rules);
  const terms = { rules, place, at_ms, shipping_method };
  const winners = cheapestSet(goods, offers, terms);
  const worked = workOut(goods, winners, terms);
  const beaten = offers.flatMap(({ code, rule }): RefusedCode[] =>
    code === null || winners.some((winner) => winner.rule === rule)
      ? []
      : [{ code, reason: winners.length === 0 ? 'no_effect' : 'not_combinable' }],
  );
  const refused_codes = [...worked.refused, ...beaten];
  if (rules.isEmpty && worked.discounts.length === 0) return { ...plainPrice(goods), refused_codes };
  return { ...totalled(goods, worked, rules.version), options: worked.shipping.options, refused_codes };
}

/** Without rules and promotions: the sum of the lines. */
function plainPrice({ lines, items_total, currency }: Goods): Price {
  return { items: lines, total_amount: items_total, currency, totals: null, options: [], refused_codes: [] };
}

/**
 * Of the sets of promotions that compete the one with the lowest total, worked out over the lines in one order of their own. Where
 * shipping depends on the value of the goods, no promotion at all competes too: less to pay for the goods may cost more to send.
 */
function cheapestSet(goods: Goods, offers: readonly Offer[], terms: Terms): readonly Offer[] {
  const competing = competingSets(offers);
  const sets = offers.length > 0 && terms.rules.zones.length > 0 ? [...competing, []] : competing;
  let [best = []] = sets;
  if (sets.length === 1) return best;
  const sorted = sortedGoods(goods);
  let least = Number.POSITIVE_INFINITY;
  for (const set of sets) {
    const { total } = workOut(sorted, set, terms);
    if (total >= least) continue;
    least = total;
    best = set;
  }
  return best;
}

function sortedGoods(goods: Goods): Goods {
  const places = goods.lines.map((_line, place) => place);
  const idAt = (place: number): string => (goods.lines[place] as GoodsLine).product_id;
  places.sort((one, other) => (idAt(one) < idAt(other) ? -1 : 1));
  const inOrder = <T>(list: readonly T[]): T[] => places.map((place) => list[place] as T);
  return { ...goods, lines: inOrder(goods.lines), tax_classes: inOrder(goods.tax_classes), promoted: inOrder(goods.promoted) };
}

/** What is left of each line, of the shipping, and the tax on both. */
interface Worked {
  values: number[];
  shipping: Shipping;
  taxes: Taxes;
  discounts: Discount[];
  refused: RefusedCode[];
  total: number;
}

function workOut(goods: Goods, offers: readonly Offer[], terms: Terms): Worked {
  const { values, discounts, refused } = discountGoods(offers, goods.promoted, goods.currency);
  const shipping = shippingOf(goods, values, offers, terms);
  const taxes = taxesOf(goods, values, shipping, terms);
  return {
    values,
    shipping,
    taxes,
    discounts: [...discounts, ...shipping.discounts],
    refused: [...refused, ...shipping.refused],
    total: sumOf(values) + shipping.amount + (taxes.included ? 0 : taxes.total),
  };
}

interface Shipping {
  options: ShippingOption[];
  chosen: ShippingOption | undefined;
  amount: number;
  /** Of each line, by value; by quantity where all is free. */
  shares: number[];
  discounts: Discount[];
  refused: RefusedCode[];
}

function shippingOf(
  { lines, promoted, weight_g, currency }: Goods,
  values: readonly number[],
  offers: readonly Offer[],
  { rules, place, shipping_method }: Terms,
): Shipping {
  const subtotal = sumOf(values);
  const undiscounted = shippingOptions(rules, place, { subtotal, weight_g, currency });
  // A shop without zones sends for nothing, by no method.
  const chosen = rules.zones.length > 0 || shipping_method !== undefined ? chosenOption(undiscounted, shipping_method) : undefined;
  const given = [chosen?.amount ?? 0, ...undiscounted.map(({ amount }) => amount)];
  const { amounts, discounts, refused } = discountShipping(offers, promoted, values, given, currency);
  const [amount = 0, ...costs] = amounts;
  const options = undiscounted.map((option, place_of) => ({ ...option, amount: costs[place_of] as number }));
  const shares = share(amount, subtotal === 0 ? lines.map(({ quantity }) => quantity) : values);
  return { options, chosen, amount, shares, discounts, refused };
}

interface Taxes extends Tax {
  included: boolean;
  /** Places of the rates of each line, and of the shipping where it has its own. */
  line_rates: number[][];
  shipping_rates: number[] | undefined;
}

/** The goods of each line are taxed, then the share of each in the shipping. */
function taxesOf({ tax_classes }: Goods, values: readonly number[], shipping: Shipping, { rules, place, at_ms }: Terms): Taxes {
  const { included, rates } = rules.tax.get(place.country) ?? { included: true, rates: [] };
  const { list, find } = rateFinder(rates, place, at_ms);
  const line_rates = tax_classes.map(find);
  const own_class = shipping.amount > 0 ? shipping.chosen?.method.tax_class : undefined;
  const shipping_rates = own_class ? find(own_class) : undefined;
  const parts: TaxedPart[] = values.map((value, index) => ({ value, rates: line_rates[index] as number[] }));
  const shares = shipping.amount === 0 ? [] : shipping.shares;
  const shipped = shares.map((value, index): TaxedPart => ({ value, rates: shipping_rates ?? (line_rates[index] as number[]) }));
  return { included, ...taxOf([...parts, ...shipped], list, included), line_rates, shipping_rates };
}

function totalled(
  { lines, items_total, currency }: Goods,
  { values, shipping: { chosen, amount: shipping_total, shares }, taxes, discounts, total: total_amount }: Worked,
  rules_version: number,
): PricedOrder {
  if (total_amount > amountMinorMax) throw tooLarge();
  const items = lines.map((line, index): OrderLine => {
    const discount = line.line_total - (values[index] as number);
    const tax = taxes.shares[index] as number;
    const paid = (values[index] as number) + (taxes.included ? 0 : tax);
    const shipping = (shares[index] as number) + (taxes.included ? 0 : (taxes.shares[lines.length + index] ?? 0));
    const rates = taxes.line_rates[index] as number[];
    return {
      ...line,
      ...(discount > 0 && { discount }),
      ...(tax > 0 && { tax }),
      ...(paid !== line.line_total && { paid }),
      ...(shipping > 0 && { shipping }),
      ...(rates.length < taxes.lines.length && { rates }),
    };
  });
  const totals: OrderTotals = {
    rules_version,
    items_total,
    ...(discounts.length > 0 && { discounts }),
    shipping_total,
    tax_total: taxes.total,
    tax_included: taxes.included,
    tax_lines: taxes.lines,
    shipping_method: chosen ? { code: chosen.method.code, name: chosen.method.name } : null,
    ...(taxes.shipping_rates && { shipping_rates: taxes.shipping_rates }),
  };
  return { items, total_amount, currency, totals };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Pieces of all lines together. */
export function piecesOf({ items }: Pick<PricedOrder, 'items'>): number {
  return items.reduce((sum, { quantity }) => sum + quantity, 0);
}
