/** Lines, totals and quotes in the shape of the contract: amounts in major units, rates in percent. */
import { type Order, type OrderTotalsShown, type Quote, refusal } from '@souk/contracts';
import { timestamp, toMajor, toMinor } from '@souk/kernel';
import type { OrderLine, OrderTotals, Price } from './price-order.ts';

type Item = Order['items'][number];

/** How long a quote says it is good for; prices and rules may change before. */
const quoteValidMs = 900_000;

const onePercentPpm = 10_000;

/** A line; what it pays is shown where the order has totals. */
export function shownLine(line: OrderLine, currency: string, totals: OrderTotals | null): Item {
  const { product_id, sku, name, quantity, price, line_total } = line;
  return {
    product_id,
    sku,
    name,
    quantity,
    price: toMajor(price, currency),
    line_total: toMajor(line_total, currency),
    ...(totals && paidOf(line, currency)),
  };
}

function paidOf({ line_total, discount = 0, tax = 0, paid = line_total, shipping = 0 }: OrderLine, currency: string) {
  return {
    discount: toMajor(discount, currency),
    tax: toMajor(tax, currency),
    paid: toMajor(paid, currency),
    shipping: toMajor(shipping, currency),
  };
}

export function shownTotals(totals: OrderTotals, currency: string): OrderTotalsShown {
  const { items_total, discounts = [], shipping_total, tax_total, tax_included, tax_lines, shipping_method } = totals;
  const off_goods = discounts.reduce((sum, { target, amount }) => sum + (target === 'shipping' ? 0 : amount), 0);
  return {
    items_total: toMajor(items_total, currency),
    discount_total: toMajor(off_goods, currency),
    discounts: discounts.map(({ promotion_id, code, label, target, amount }) => ({
      promotion_id,
      code,
      label,
      target,
      amount: toMajor(amount, currency),
    })),
    shipping_total: toMajor(shipping_total, currency),
    tax_total: toMajor(tax_total, currency),
    tax_included,
    tax_lines: tax_lines.map(({ name, rate_ppm, base, amount }) => ({
      name,
      rate_percent: rate_ppm / onePercentPpm,
      base: toMajor(base, currency),
      amount: toMajor(amount, currency),
    })),
    shipping_method: shipping_method && { code: shipping_method.code, name: shipping_method.name },
  };
}

/** What a shop without rules shows of a total. */
function plainTotals(total_amount: number): OrderTotals {
  return {
    rules_version: 0,
    items_total: total_amount,
    shipping_total: 0,
    tax_total: 0,
    tax_included: true,
    tax_lines: [],
    shipping_method: null,
  };
}

export function toQuote({ items, total_amount, currency, totals, options, refused_codes }: Price, at_ms: number): Quote {
  const shown = totals ?? plainTotals(total_amount);
  return {
    lines: items.map((line) => ({ ...shownLine(line, currency, null), ...paidOf(line, currency) })),
    shipping_options: options.map(({ method, amount }) => ({
      code: method.code,
      name: method.name,
      amount: toMajor(amount, currency),
      days_min: method.days_min,
      days_max: method.days_max,
    })),
    ...shownTotals(shown, currency),
    refused_codes,
    total: toMajor(total_amount, currency),
    currency,
    valid_until: timestamp(at_ms + quoteValidMs),
  };
}

/** Throws `code_refused` with the quote of now where a code that was sent does not apply: nothing is charged that was not shown. */
export function checkCodes(price: Price, at_ms: number): void {
  const { refused_codes } = price;
  if (refused_codes.length === 0) return;
  const named = refused_codes.map(({ code, reason }) => `${code} (${reason})`).join(', ');
  throw refusal('code_refused', `These codes do not apply: ${named}.`, { quote: toQuote(price, at_ms) });
}

/** Throws `total_changed` with the quote of now where the customer expected something else. */
export function checkExpectedTotal(expected_total: number | undefined, price: Price, at_ms: number): void {
  const { total_amount: total, currency } = price;
  if (expected_total === undefined || toMinor(expected_total, currency, '/expected_total') === total) return;
  const total_amount = toMajor(total, currency);
  throw refusal('total_changed', `The total is ${total_amount} ${currency} now, not ${expected_total}.`, {
    total_amount,
    currency,
    expected_total,
    quote: toQuote(price, at_ms),
  });
}
