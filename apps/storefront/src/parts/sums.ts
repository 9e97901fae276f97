/** How a total comes about. */
import { formatDecimal, type Html, html } from '@souk/ui';
import type { SumsView } from '../buying-views.ts';
import type { Tongue } from '../words/languages.ts';
import { amountOf } from './amount.ts';

/** The products alone, while it is not known where they go. */
export function itemsSum(tongue: Tongue, { items_total, currency }: Pick<SumsView, 'items_total' | 'currency'>): Html {
  return html`<dl class="sums"><div class="total"><dt>${tongue.words.sums.items}</dt><dd class="price">${amountOf(tongue, items_total, currency)}</dd></div></dl>`;
}

export function sums(tongue: Tongue, view: SumsView): Html {
  const words = tongue.words.sums;
  const { currency, shipping_method, tax_included } = view;
  const amount = (value: number): string => amountOf(tongue, value, currency);
  const row = (what: string, value: string, kind?: string): Html =>
    html`<div class="${kind}"><dt dir="auto">${what}</dt><dd class="price">${value}</dd></div>`;
  const taxes = view.tax_lines.map(({ name, rate_percent, amount: tax }) => {
    const percent = formatDecimal(tongue.locale, rate_percent);
    return tax_included ? row(words.tax_inside(name, percent), amount(tax), 'quiet') : row(words.tax(name, percent), amount(tax));
  });
  const shipping = shipping_method ? words.shipping_by(shipping_method.name) : words.shipping;
  const total = row(words.total, amount(view.total), 'total');
  return html`<dl class="sums">${row(words.items, amount(view.items_total))}
${(view.discount_total ?? 0) > 0 && row(words.discount, `−${amount(view.discount_total ?? 0)}`)}
${row(shipping, view.shipping_total === 0 ? words.free : amount(view.shipping_total))}
${tax_included ? html`${total}${taxes}` : html`${taxes}${total}`}</dl>`;
}
