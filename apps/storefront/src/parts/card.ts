/** A thing among others. */
import { formatMoney, type Html, html } from '@souk/ui';
import { productPath } from '../addresses.ts';
import type { ShownProduct, ShownThing } from '../views.ts';
import type { Tongue } from '../words/languages.ts';
import { picture } from './picture.ts';
import { stockWord } from './stock-word.ts';

const cardPixels = 400;
/** Those above the fold of a wide screen are fetched at once. */
const eagerMax = 4;

/** Cards side by side; the first of a page stand right below its title, others below a heading of their own. */
export function cardGrid(tongue: Tongue, things: readonly ShownThing[], { is_first = false } = {}): Html {
  return html`<ul class="grid list">${things.map((thing, index) => html`<li>${card(tongue, thing, { is_first, eager: is_first && index < eagerMax })}</li>`)}</ul>`;
}

function card(tongue: Tongue, thing: ShownThing, { is_first, eager }: Record<'is_first' | 'eager', boolean>): Html {
  const { handle, title, image_url, variant_count, available_count } = thing;
  const link = html`<a href="${productPath(handle)}"><bdi>${title}</bdi></a>`;
  return html`<article class="card">
${picture({ image_url, name: title, alt: '', pixels: cardPixels, eager })}
<div class="words">
${is_first ? html`<h2 class="name">${link}</h2>` : html`<h3 class="name">${link}</h3>`}
<p><span class="price">${priceOf(tongue, thing)}</span></p>
${variant_count > 1 && html`<p class="options">${tongue.words.product.options(variant_count)}</p>`}
${available_count === 0 && html`<p>${stockWord(tongue, 0)}</p>`}
</div>
</article>
`;
}

/** One price, or the lowest of several. */
function priceOf(tongue: Tongue, { min_price, max_price, currency }: ShownThing): string {
  const price = moneyOf(tongue, { price: min_price, currency });
  return min_price === max_price ? price : tongue.words.product.from(price);
}

/** The wire carries exact decimals; the shortest text of the number is the one that was sent. */
export function moneyOf({ locale }: Tongue, { price, currency }: Pick<ShownProduct, 'price' | 'currency'>): string {
  return formatMoney(locale, currency, String(price));
}
