import { type Html, html } from '@souk/ui';
import { cartLinesPath, categoryPath, stockEventsPath, variantPath } from '../addresses.ts';
import { cardGrid, moneyOf } from '../parts/card.ts';
import { breadcrumbs, framePage } from '../parts/frame.ts';
import { noticeIcon, shieldIcon } from '../parts/icons.ts';
import { picture } from '../parts/picture.ts';
import { productData } from '../parts/product-data.ts';
import { stockWord } from '../parts/stock-word.ts';
import { mixed, type OptionGroup, optionGroups } from '../things.ts';
import type { ProductView, ShownProduct } from '../views.ts';
import type { Tongue } from '../words/languages.ts';

const picturePixels = 800;
const swatchPixels = 56;
const relatedMax = 4;
const quantityMax = 10_000;
const otherPicturesMax = 8;
/** An option with more choices shows these; the others are in the list of its category. */
const choicesMax = 60;

export function productPage(view: ProductView): string {
  const { frame, product, thing, related } = view;
  const { tongue, shop_name } = frame;
  const { words } = tongue;
  const name = thing?.title ?? product.name;
  const isSold = product.status === 'active';
  const others = (related ?? []).filter(({ id }) => id !== (thing?.id ?? product.group_id ?? product.id));
  return framePage({
    frame,
    title: `${product.name} – ${shop_name}`,
    description: product.description === '' ? product.name : product.description,
    category: product.category ?? undefined,
    unlisted: !isSold,
    data: productData(view),
    incomplete: related === undefined,
    main: html`${breadcrumbs(tongue, product.category === null ? [] : [{ path: categoryPath(product.category), name: product.category }])}
<article class="product">
<div class="pictures">
${picture({ image_url: product.image_url, name, alt: words.product.picture_of(product.name), pixels: picturePixels, eager: true })}
${otherPictures(view)}
</div>
<div class="about">
<div class="naming"><h1><bdi>${name}</bdi></h1><p class="price">${moneyOf(tongue, product)}</p></div>
${isSold ? choosing(view) : html`<p class="banner">${noticeIcon}<span>${words.product.archived}</span></p>`}
<div class="panel promise">${shieldIcon}<div><h2>${words.product.promise}</h2><p class="quiet">${words.product.promise_why}</p></div></div>
${product.description !== '' && html`<section aria-labelledby="description"><h2 id="description">${words.product.description}</h2><p class="told" dir="auto">${product.description}</p></section>`}
${facts(tongue, product)}
</div>
</article>
${others.length > 0 && html`<section aria-labelledby="related"><h2 id="related">${words.product.related}</h2>${cardGrid(tongue, mixed(others, relatedMax, relatedMax))}</section>`}`,
  });
}

/** Options, how many pieces there are, and the way into the cart. */
function choosing({ frame: { tongue }, product, thing, variants, counted }: ProductView): Html {
  const piecesOf = ({ id, stock_quantity }: ShownProduct): number => counted?.get(id) ?? stock_quantity;
  const groups = variants.length > 1 ? optionGroups(product, variants, piecesOf) : [];
  const { counted_now, counted_earlier } = tongue.words.product;
  return html`${thing !== undefined && groups.map((group, index) => optionLinks(tongue, thing.handle, group, `option-${index + 1}`))}
<p class="count" aria-live="polite" data-stock-events="${counted?.has(product.id) === true && stockEventsPath(product.id)}" data-pieces="${piecesOf(product)}">${stockWord(tongue, piecesOf(product))} <span class="quiet">${counted?.has(product.id) ? counted_now : counted_earlier}</span></p>
<div class="adding">${addToCart(tongue, product, { is_sold_out: (counted?.get(product.id) ?? 1) <= 0 })}</div>`;
}

/** Sold out is what inventory has counted: while it does not answer, an order is taken and waits. */
function addToCart({ words: { cart } }: Tongue, { id }: ShownProduct, { is_sold_out }: { is_sold_out: boolean }): Html {
  if (is_sold_out)
    return html`<div class="add"><button class="button" type="button" aria-disabled="true" aria-describedby="no-add">${cart.add}</button><p id="no-add" class="quiet">${cart.sold_out_add}</p></div>`;
  return html`<form class="add" action="${cartLinesPath}" method="post"><input type="hidden" name="product_id" value="${id}"><input type="hidden" name="change" value="add">
<div class="field"><label for="quantity">${cart.quantity}</label><input id="quantity" class="input" type="number" name="quantity" value="1" min="1" max="${quantityMax}" step="1" required inputmode="numeric" autocomplete="off"></div>
<button class="button" type="submit">${cart.add}</button></form>`;
}

function optionLinks({ words }: Tongue, handle: string, { name, value, choices }: OptionGroup, id: string): Html {
  const shown = choices.slice(0, choicesMax);
  // Pictures help to choose where each choice has one of its own.
  const addresses = new Set(shown.map(({ variant }) => variant.image_url));
  const arePictured = shown.length > 1 && addresses.size === shown.length && !addresses.has(null);
  return html`<section class="option" aria-labelledby="${id}"><p id="${id}"><b dir="auto">${name}</b> <span class="quiet" dir="auto">${value}</span></p>
<ul class="chips list">${shown.map(
    ({ value: words_of_choice, variant, chosen, available }) =>
      html`<li><a class="${available ? 'chip' : 'chip gone'}" href="${variantPath(handle, variant.id)}" aria-current="${chosen && 'true'}" aria-label="${!available && words.product.unavailable(words_of_choice)}">${arePictured && swatch(variant)}<span dir="auto">${words_of_choice}</span></a></li>`,
  )}</ul></section>
`;
}

function swatch({ image_url, name }: ShownProduct): Html {
  return picture({ image_url, name, alt: '', pixels: swatchPixels, eager: false });
}

/** One for each other picture among the variants; each leads to the variant that it shows. */
function otherPictures({ frame, product, thing, variants }: ProductView): Html | undefined {
  if (thing === undefined) return undefined;
  const { handle } = thing;
  const { words } = frame.tongue;
  const byPicture = Map.groupBy(
    variants.filter(({ image_url }) => image_url !== null),
    ({ image_url }) => image_url,
  );
  if (byPicture.size < 2) return undefined;
  const shown = [...byPicture].slice(0, otherPicturesMax).flatMap(([image_url, sharing]) => {
    const variant = sharing.find(({ id }) => id === product.id) ?? closest(product, sharing);
    return variant === undefined ? [] : [{ image_url, variant }];
  });
  return html`<ul class="thumbs list">${shown.map(
    ({ image_url, variant }) =>
      html`<li><a href="${variantPath(handle, variant.id)}" aria-current="${image_url === product.image_url && 'true'}" aria-label="${words.product.picture_of(variant.name)}">${picture({ image_url, name: variant.name, alt: '', pixels: 144, eager: false })}</a></li>`,
  )}</ul>`;
}

/** The one that shares most options. */
function closest(product: ShownProduct, variants: readonly ShownProduct[]): ShownProduct | undefined {
  const shared = ({ options }: ShownProduct): number =>
    Object.entries(options).filter(([name, value]) => product.options[name] === value).length;
  return variants.toSorted((one, other) => shared(other) - shared(one))[0];
}

function facts({ words }: Tongue, { sku, category, attributes }: ShownProduct): Html {
  const rows = [
    ...Object.entries(attributes).filter(([, value]) => value !== ''),
    ...(category === null ? [] : [[words.product.category, category] as const]),
    [words.product.sku, sku] as const,
  ];
  return html`<section aria-labelledby="facts"><h2 id="facts">${words.product.facts}</h2><dl class="facts">${rows.map(([name, value]) => html`<div><dt dir="auto">${capitalised(name)}</dt><dd dir="auto">${value}</dd></div>`)}</dl></section>`;
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
