/** What was ordered, or is about to be. */
import { type Html, html } from '@souk/ui';
import { productPath } from '../addresses.ts';
import type { Tongue } from '../words/languages.ts';
import { amountOf } from './amount.ts';

export interface Goods {
  readonly product_id: string;
  readonly name: string;
  readonly quantity: number;
  readonly price: number;
  readonly line_total: number;
}

export function goodsList(tongue: Tongue, items: readonly Goods[], currency: string): Html {
  const { cart, order } = tongue.words;
  const amount = (value: number): string => amountOf(tongue, value, currency);
  return html`<ul class="goods list">${items.map(
    ({ product_id, name, quantity, price, line_total }) =>
      html`<li><div><a href="${productPath(product_id)}"><bdi>${name}</bdi></a><p class="quiet">${order.piece_count(quantity)}${quantity > 1 && html`, ${cart.each(amount(price))}`}</p></div><span class="price">${amount(line_total)}</span></li>`,
  )}</ul>`;
}
