/** Filters by attribute and option, as requests have them and as the index knows them. */
import { matchNamesMax, refusal } from '@souk/contracts';

/** For each name the texts of which one must be among those of the product. */
export type Matches = readonly (readonly string[])[];

/** Between the name and the value, as in `facet_tokens`. */
const separator = '\u001f';
const freeName = /^(?:attribute|option)\../su;

/** The filters of a query in one order, however they were written. Throws `validation_failed` for too many names. */
export function matchesOf(query: object): Matches {
  const given = Object.entries(query).filter((entry): entry is [string, string[]] => freeName.test(entry[0]));
  if (given.length > matchNamesMax) {
    const detail = `is one of ${given.length} filters by attribute and option; there may be ${matchNamesMax}`;
    const errors = given.slice(matchNamesMax).map(([name]) => ({ pointer: pointerTo(name), detail }));
    throw refusal('validation_failed', `The query has more than ${matchNamesMax} filters by attribute and option.`, { errors });
  }
  return given
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, values]) => [...new Set(values)].sort().map((value) => facetToken(name, value)));
}

/** One value of `attribute.wood` or `option.size` as a text. */
function facetToken(name: string, value: string): string {
  return `${name}${separator}${value}`;
}

/** The name and the value that a text stands for. */
export function partsOfToken(token: string): { name: string; value: string } {
  const at = token.indexOf(separator);
  return { name: token.slice(0, at), value: token.slice(at + 1) };
}

function pointerTo(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
