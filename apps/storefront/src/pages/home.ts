import { type Html, html } from '@souk/ui';
import { categoryPath } from '../addresses.ts';
import { cardGrid } from '../parts/card.ts';
import { framePage } from '../parts/frame.ts';
import { booksIcon, piecesIcon, shieldIcon } from '../parts/icons.ts';
import { picture } from '../parts/picture.ts';
import { mixed } from '../things.ts';
import type { CategoryEntry, FrameView, HomeView, ShownThing } from '../views.ts';
import type { Tongue } from '../words/languages.ts';

const freshMax = 8;
const freshEachMax = 1;
const shownInHero = 4;
const heroPixels = 320;
const tilePixels = 240;
/** A page of more would be a list of names. */
const tilesMax = 60;

export function homePage({ frame, newest }: HomeView): string {
  const { tongue, shop_name, categories } = frame;
  const { words } = tongue;
  const things = mixed(inStockFirst(newest ?? []), freshMax, freshEachMax);
  return framePage({
    frame,
    title: shop_name,
    description: words.home.description(shop_name),
    incomplete: newest === undefined,
    main: html`<section class="hero">
<div class="words">
<h1>${words.home.title(shop_name)}</h1>
<p>${words.home.lead}</p>
${things.length > 0 && html`<p><a class="button" href="#new">${words.home.look}</a></p>`}
</div>
${
  things.length >= shownInHero &&
  html`<div class="shown" aria-hidden="true">${pictured(things)
    .slice(0, shownInHero)
    .map(({ image_url, title }) => picture({ image_url, name: title, alt: '', pixels: heroPixels, eager: true }))}</div>`
}
</section>
${things.length > 0 && html`<section aria-labelledby="new"><h2 id="new">${words.home.fresh}</h2>${cardGrid(tongue, things)}</section>`}
${categories !== undefined && categories.length > 0 && categoryTiles(frame, categories, newest ?? [])}
${promises(tongue)}`,
  });
}

function inStockFirst(things: readonly ShownThing[]): ShownThing[] {
  return things.toSorted((one, other) => Number(other.available_count > 0) - Number(one.available_count > 0));
}

/** Those with a picture first. */
function pictured(things: readonly ShownThing[]): ShownThing[] {
  return things.toSorted((one, other) => Number(one.image_url === null) - Number(other.image_url === null));
}

function categoryTiles({ tongue: { words } }: FrameView, categories: readonly CategoryEntry[], newest: readonly ShownThing[]): Html {
  const tiles = categories.slice(0, tilesMax).map(({ name }) => {
    const [shown] = newest.filter(({ category, image_url }) => category === name && image_url !== null);
    return html`<li><a class="tile" href="${categoryPath(name)}">${picture({ image_url: shown?.image_url ?? null, name, alt: '', pixels: tilePixels, eager: false })}<span class="words"><b><bdi>${name}</bdi></b></span></a></li>`;
  });
  return html`<section aria-labelledby="categories"><h2 id="categories">${words.home.by_category}</h2><ul class="tiles list">${tiles}</ul></section>`;
}

function promises({ words: { home } }: Tongue): Html {
  const all = [
    [piecesIcon, home.sold_once, home.sold_once_why],
    [shieldIcon, home.charged_once, home.charged_once_why],
    [booksIcon, home.provable, home.provable_why],
  ] as const;
  return html`<section aria-labelledby="promises"><h2 id="promises">${home.promises}</h2><ul class="promises list">${all.map(([icon, what, why]) => html`<li class="panel">${icon}<div><h3>${what}</h3><p class="quiet">${why}</p></div></li>`)}</ul></section>`;
}
