/** Filters and order of a list: a form that a browser sends as an address, and the filters in use as links that remove them. */
import { formatMoney, type Html, html } from '@souk/ui';
import { categoryPath, listPath } from '../addresses.ts';
import type { ListQuestion, ListView, Match, Sort } from '../views.ts';
import { facetFields, nameOfMatch } from './facets.ts';
import { removeIcon } from './icons.ts';

const priceDigitsMax = 13;
const defaultCurrency = 'EUR';

export function filterBar(view: ListView): Html {
  const { kind, question, frame } = view;
  const { list } = frame.tongue.words;
  const [action = ''] = (kind === 'category' && question.category !== undefined ? categoryPath(question.category) : '/search').split('?');
  const price = (name: 'min_price' | 'max_price', label: string): Html =>
    html`<div class="field"><label for="${name}">${label}</label><input id="${name}" class="input" type="text" name="${name}" inputmode="decimal" maxlength="${priceDigitsMax}" autocomplete="off" value="${question[name]}"></div>`;
  return html`<div class="filters">
<details open="${question.sort !== undefined || inUse(view).length > 0}"><summary class="button plain">${list.filter}</summary>
<form class="panel" action="${action}" method="get">
${hidden('q', kind === 'search' ? question.q : undefined)}${hidden('category', action === '/search' ? question.category : undefined)}
${facetFields(view)}
${price('min_price', list.price_from)}
${price('max_price', list.price_to)}
<div class="field"><label for="sort">${list.sort}</label><select id="sort" class="input" name="sort">${options(view)}</select></div>
<div class="tick"><input id="in_stock" type="checkbox" name="in_stock" value="true" checked="${question.in_stock}"><label for="in_stock">${list.in_stock}</label></div>
<button class="button" type="submit">${list.apply}</button>
</form>
</details>
${inUse(view).length > 0 && html`<ul class="chips list" aria-label="${list.active}">${inUse(view).map(({ words, path }) => html`<li><a class="chip" href="${path}" aria-label="${list.without(words)}"><span dir="auto">${words}</span>${removeIcon}</a></li>`)}</ul>`}
</div>
`;
}

function hidden(name: string, value: string | undefined): Html | undefined {
  return value === undefined ? undefined : html`<input type="hidden" name="${name}" value="${value}">`;
}

/** What a list is sorted by without a wish. */
export function usualSort({ q }: Pick<ListQuestion, 'q'>): Sort {
  return q === undefined ? 'name' : 'relevance';
}

function options({ question, frame }: ListView): Html[] {
  const { list } = frame.tongue.words;
  const all: readonly (readonly [Sort, string])[] = [
    ...(question.q === undefined ? [] : [['relevance', list.sort_relevance] as const]),
    ['name', list.sort_name],
    ['price', list.sort_price],
    ['-price', list.sort_price_down],
    ['newest', list.sort_newest],
  ];
  const chosen = question.sort ?? usualSort(question);
  return all.map(([value, words]) => html`<option value="${value}" selected="${value === chosen}">${words}</option>`);
}

interface FilterInUse {
  words: string;
  /** The list without it. */
  path: string;
}

function withoutValue(matches: readonly Match[], gone: { name: string; value: string }): Match[] {
  return matches
    .map(({ name, values }) => ({ name, values: name === gone.name ? values.filter((value) => value !== gone.value) : values }))
    .filter(({ values }) => values.length > 0);
}

function inUse({ kind, question, facets, things, frame }: ListView): FilterInUse[] {
  const { locale, words } = frame.tongue;
  const currency = facets?.currency ?? things[0]?.currency ?? defaultCurrency;
  const { category, min_price, max_price, in_stock, matches } = question;
  const without = (change: Partial<ListQuestion>): string => listPath(kind, { ...question, cursor: undefined, ...change });
  return [
    ...(kind === 'search' && category !== undefined ? [{ words: category, path: without({ category: undefined }) }] : []),
    ...(min_price === undefined
      ? []
      : [{ words: words.list.at_least(formatMoney(locale, currency, min_price)), path: without({ min_price: undefined }) }]),
    ...(max_price === undefined
      ? []
      : [{ words: words.list.at_most(formatMoney(locale, currency, max_price)), path: without({ max_price: undefined }) }]),
    ...(in_stock ? [{ words: words.list.in_stock, path: without({ in_stock: false }) }] : []),
    ...matches.flatMap(({ name, values }) =>
      values.map((value) => ({
        words: words.list.match(nameOfMatch(name), value),
        path: without({ matches: withoutValue(matches, { name, value }) }),
      })),
    ),
  ];
}
