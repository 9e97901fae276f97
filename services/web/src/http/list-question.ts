/** What the address of a list asks for. It may be typed by hand or come from elsewhere: what cannot be read is left aside. */
import { matchNamesMax, matchValuesMax } from '@souk/contracts';
import type { ListQuestion, Match, Sort } from '@souk/storefront';

const sorts: readonly Sort[] = ['name', 'price', '-price', 'newest', 'relevance'];
const qLengthMax = 200;
const categoryLengthMax = 120;

export interface ListMembers {
  q?: string;
  category?: string;
  min_price?: string;
  max_price?: string;
  in_stock?: string;
  sort?: string;
  cursor?: string;
  /** What products say of themselves, such as `option.Size`. */
  readonly [name: string]: unknown;
}

export function listQuestion(members: ListMembers): ListQuestion {
  const q = textOf(members.q, qLengthMax);
  const sort = sorts.find((known) => known === members.sort);
  return {
    q,
    category: textOf(members.category, categoryLengthMax),
    min_price: priceOf(members.min_price),
    max_price: priceOf(members.max_price),
    in_stock: members.in_stock === 'true',
    matches: matchesIn(members),
    // How well something fits is known of a question only.
    sort: sort === 'relevance' && q === undefined ? undefined : sort,
    cursor: members.cursor === '' ? undefined : members.cursor,
  };
}

function textOf(text: string | undefined, most: number): string | undefined {
  const characters = [...(text ?? '').replaceAll(/\p{Cc}/gu, ' ').trim()].slice(0, most).join('').trim();
  return characters === '' ? undefined : characters;
}

const matchName = /^(?:attribute|option)\.[^\p{Cc}]{1,60}$/u;
const valueLengthMax = 300;

/** As many as the list takes, in an order of their own: one address for one question. */
function matchesIn(members: ListMembers): Match[] {
  return Object.entries(members)
    .filter(([name]) => matchName.test(name))
    .map(([name, given]) => ({ name: name.normalize('NFC'), values: valuesIn(given) }))
    .filter(({ values }) => values.length > 0)
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .slice(0, matchNamesMax);
}

function valuesIn(given: unknown): string[] {
  const texts = [given].flat().filter((value) => typeof value === 'string');
  const values = texts.map((value) => textOf(value, valueLengthMax)?.normalize('NFC')).filter((value) => value !== undefined);
  return [...new Set(values)].toSorted().slice(0, matchValuesMax);
}

/** With a point or a comma, and no more decimals than most currencies have. */
function priceOf(text: string | undefined): string | undefined {
  const [, whole, decimals = ''] = /^\s*0*(\d{1,9})(?:[.,](\d{1,2})0*)?\s*$/.exec(text ?? '') ?? [];
  return whole === undefined ? undefined : decimals === '' ? whole : `${whole}.${decimals}`;
}
