import { type Html, html } from '@souk/ui';
import { cartLinesPath, checkoutPath, homePath, productPath } from '../addresses.ts';
import type { CartLineView, CartView } from '../buying-views.ts';
import { amountOf } from '../parts/amount.ts';
import { moneyOf } from '../parts/card.ts';
import { framePage } from '../parts/frame.ts';
import { noticeIcon } from '../parts/icons.ts';
import { picture } from '../parts/picture.ts';
import { stockWord } from '../parts/stock-word.ts';
import { itemsSum } from '../parts/sums.ts';
import type { Tongue } from '../words/languages.ts';

const picturePixels = 144;
const quantityMax = 10_000;

export function cartPage(view: CartView): string {
  const { frame, lines, notice } = view;
  const { words } = frame.tongue;
  return framePage({
    frame,
    title: `${words.cart.title} – ${frame.shop_name}`,
    description: words.cart.title,
    unlisted: true,
    main: html`<h1>${words.cart.title}</h1>
${notice !== undefined && html`<p class="banner" role="status">${noticeIcon}<span>${words.cart.notice[notice]}</span></p>`}
${lines.length === 0 ? html`<div class="empty"><p>${words.cart.empty}</p><p><a class="button" href="${homePath}">${words.cart.look}</a></p></div>` : filled(view)}`,
  });
}

function filled({ frame: { tongue }, lines, total }: CartView): Html {
  const { cart, sums: sum_words } = tongue.words;
  const currency = typeof total === 'object' ? total.currency : undefined;
  return html`<div class="buying">
<ul class="lines list">${lines.map((line, index) => cartLine(tongue, line, { index, currency }))}</ul>
<section class="panel" aria-labelledby="total"><h2 id="total">${sum_words.heading}</h2>
${typeof total === 'object' ? html`${itemsSum(tongue, total)}<p class="quiet">${cart.delivery_later}</p>` : html`<p>${cart[`total_${total}`]}</p>`}
<p><a class="button" href="${checkoutPath}">${cart.checkout}</a></p></section>
</div>`;
}

function cartLine(tongue: Tongue, line: CartLineView, { index, currency }: { index: number; currency: string | undefined }): Html {
  const { cart } = tongue.words;
  const { product_id, product, quantity, line_total } = line;
  const name = product?.name ?? cart.unknown;
  const id = `quantity-${index + 1}`;
  return html`<li class="line">
${picture({ image_url: product?.image_url ?? null, name, alt: '', pixels: picturePixels, eager: index < 4 })}
<div class="words"><h2 class="name">${product === undefined ? name : html`<a href="${productPath(product_id)}"><bdi>${name}</bdi></a>`}</h2>
${product !== undefined && html`<p class="quiet">${cart.each(moneyOf(tongue, product))}</p>`}${stockLine(tongue, line)}
<div class="changes"><form action="${cartLinesPath}" method="post"><input type="hidden" name="product_id" value="${product_id}"><input type="hidden" name="change" value="set"><label class="unseen" for="${id}">${cart.quantity_of(name)}</label><input id="${id}" class="input" type="number" name="quantity" value="${quantity}" min="0" max="${quantityMax}" step="1" required inputmode="numeric" autocomplete="off"><button class="button plain" type="submit" aria-label="${cart.update_of(name)}">${cart.update}</button></form>
<form action="${cartLinesPath}" method="post"><input type="hidden" name="product_id" value="${product_id}"><input type="hidden" name="change" value="remove"><button class="link" type="submit" aria-label="${cart.remove_of(name)}">${cart.remove}</button></form></div></div>
${line_total !== undefined && currency !== undefined && html`<p class="price">${amountOf(tongue, line_total, currency)}</p>`}
</li>
`;
}

/** What is known of the pieces; a line that cannot be ordered as it is says what to do. */
function stockLine(tongue: Tongue, { product, pieces, quantity }: CartLineView): Html | undefined {
  const { cart } = tongue.words;
  if (product !== undefined && product.status !== 'active') return html`<p class="fault">${cart.unsellable_line}</p>`;
  if (pieces === undefined) return undefined;
  if (pieces <= 0) return html`<p class="fault">${cart.none_left}</p>`;
  if (pieces < quantity) return html`<p class="fault">${cart.too_few(pieces)}</p>`;
  return html`<p>${stockWord(tongue, pieces)}</p>`;
}
