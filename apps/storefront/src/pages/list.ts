/** The page of a category, and that of a search. */
import { type Html, html } from '@souk/ui';
import { listPath } from '../addresses.ts';
import { cardGrid } from '../parts/card.ts';
import { filterBar } from '../parts/filter-bar.ts';
import { breadcrumbs, framePage } from '../parts/frame.ts';
import type { ListView } from '../views.ts';
import type { Words } from '../words/words.ts';

export function listPage(view: ListView): string {
  const { frame, kind, question, things, facets, only_close } = view;
  const { tongue, shop_name } = frame;
  const { category, q, cursor } = question;
  const { list } = tongue.words;
  const title = kind === 'category' ? (category ?? '') : q === undefined ? (category ?? list.everything) : list.search_results(q);
  const found = things.length > 0;
  return framePage({
    frame,
    title: `${title} – ${shop_name}`,
    description: kind === 'category' ? list.category_description(title, shop_name) : list.search_title,
    category,
    q: kind === 'search' ? q : undefined,
    unlisted: kind === 'search' || !found,
    incomplete: found && (facets === undefined || view.choices === undefined),
    main: html`${breadcrumbs(tongue, [])}
<div class="heading"><h1 dir="auto">${title}</h1>${found && html`<p class="quiet">${countWords(view, list)}</p>`}</div>
${found && q !== undefined && cursor === undefined && only_close && html`<p class="quiet">${list.closest(q)}</p>`}
${kind === 'search' && facets !== undefined && categoryChips(view, list)}
${(found || isFiltered(view)) && filterBar(view)}
${found ? html`${cardGrid(tongue, things, { is_first: true })}${pager(view, list)}` : nothing(view, list)}`,
  });
}

/** As many as there are to see, where all are on this page; else as many products as the shop has counted. */
function countWords({ things, question, next_cursor, facets }: ListView, list: Words['list']): string | undefined {
  if (next_cursor === null && question.cursor === undefined) return list.results(things.length);
  if (facets === undefined) return undefined;
  return facets.approximate ? list.many_results(facets.product_count) : list.results(facets.product_count);
}

function isFiltered({ question: { min_price, max_price, in_stock, matches } }: ListView): boolean {
  return min_price !== undefined || max_price !== undefined || in_stock || matches.length > 0;
}

/** In which categories there are results, with their numbers. */
function categoryChips({ question, facets }: ListView, list: Words['list']): Html | undefined {
  const categories = facets?.categories ?? [];
  if (question.category !== undefined || categories.length < 2) return undefined;
  return html`<nav aria-label="${list.in_category}"><ul class="chips list">${categories.map(
    ({ name, product_count }) =>
      html`<li><a class="chip" href="${listPath('search', { ...question, category: name, cursor: undefined })}"><span dir="auto">${name}</span> <span class="quiet">${product_count}</span></a></li>`,
  )}</ul></nav>`;
}

function pager({ kind, question, next_cursor }: ListView, list: Words['list']): Html | undefined {
  if (next_cursor === null && question.cursor === undefined) return undefined;
  const first =
    question.cursor !== undefined &&
    html`<a class="button plain" href="${listPath(kind, { ...question, cursor: undefined })}">${list.first}</a>`;
  const next =
    next_cursor !== null &&
    html`<a class="button" rel="next" href="${listPath(kind, { ...question, cursor: next_cursor })}">${list.next}</a>`;
  return html`<nav class="pager" aria-label="${list.pages}">${first}${next}</nav>`;
}

function nothing(view: ListView, list: Words['list']): Html {
  const { kind, question } = view;
  const without = listPath(kind, {
    ...question,
    min_price: undefined,
    max_price: undefined,
    in_stock: false,
    matches: [],
    cursor: undefined,
  });
  if (isFiltered(view))
    return html`<div class="empty"><p>${list.none_filtered}</p><p><a class="button plain" href="${without}">${list.clear}</a></p></div>`;
  return html`<div class="empty"><p>${question.q === undefined ? list.none : list.none_found(question.q)}</p><p><a class="button plain" href="/#categories">${view.frame.tongue.words.frame.all_categories}</a></p></div>`;
}
