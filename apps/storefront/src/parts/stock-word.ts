import { type Html, html } from '@souk/ui';
import type { Tongue } from '../words/languages.ts';

const fewMax = 5;

/** A dot and a word: colour alone says nothing. */
export function stockWord({ words }: Tongue, pieces: number): Html {
  if (pieces <= 0) return html`<span class="stock none">${words.product.sold_out}</span>`;
  if (pieces <= fewMax) return html`<span class="stock few">${words.product.few_left(pieces)}</span>`;
  return html`<span class="stock plenty">${words.product.in_stock}</span>`;
}
