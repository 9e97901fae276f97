/** What an order holds, in the words of a mail. Pure. */
import type { OrderSummary } from '@souk/contracts';
import { amountInWords, type Locale } from './locale.ts';
import { orderMark } from './templates.ts';

export interface OrderContent {
  lines: { quantity: number; name: string; line_total: string }[];
  items_total: string | undefined;
  discount_total: string | undefined;
  shipping_total: string | undefined;
  tax_included: boolean;
  tax_lines: { name: string; rate_percent: string; amount: string }[];
  total: string;
  address: string[];
}

/** What the templates show of an order. Sums that are not there, or are nothing, are left out. */
export function orderContent(summary: OrderSummary, locale: Locale): OrderContent {
  const { currency, items_total, discount_total, shipping_total, tax_lines = [] } = summary;
  const money = (amount: number): string => amountInWords(locale, amount, currency);
  const shown = (amount: number | undefined): string | undefined => (amount === undefined || amount === 0 ? undefined : money(amount));
  const differs = [discount_total, shipping_total].some((amount) => amount !== undefined && amount !== 0) || tax_lines.length > 0;
  return {
    lines: summary.items.map(({ quantity, name, line_total }) => ({ quantity, name, line_total: money(line_total) })),
    items_total: differs ? shown(items_total) : undefined,
    discount_total: shown(discount_total),
    shipping_total: shown(shipping_total),
    tax_included: summary.tax_included ?? true,
    tax_lines: tax_lines.map(({ name, rate_percent, amount }) => ({
      name,
      rate_percent: new Intl.NumberFormat(locale, { maximumFractionDigits: 4 }).format(rate_percent),
      amount: money(amount),
    })),
    total: money(summary.total_amount),
    address: addressLines(summary.shipping_address),
  };
}

/** As on a parcel; null once the customer was erased. The telephone number stays out. */
function addressLines(address: OrderSummary['shipping_address']): string[] {
  if (address === null) return [];
  const { full_name, street, street2, postal_code, city, state, country } = address;
  return [full_name, street, street2, `${postal_code} ${city}`, state, country].filter(
    (part) => part !== undefined && part !== '',
  ) as string[];
}

/** Whether a message waits for what its order holds. */
export function wantsOrder(body: string): boolean {
  return body.includes(markLine);
}

/** A paragraph of its own, as the templates have it. */
const markLine = `\n\n${orderMark.text}\n`;

/** A message with what its order holds in place of the mark; without, where nothing is known of it. */
export function withOrder(
  message: { body: string; html: string | null },
  content: { text: string; html: string } | undefined,
): { body: string; html: string | null } {
  return {
    body: message.body.replace(markLine, () => (content === undefined ? '\n' : `\n\n${content.text.trimEnd()}\n`)),
    html: message.html?.replace(orderMark.html, () => content?.html ?? '') ?? null,
  };
}
