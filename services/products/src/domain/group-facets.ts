/** Facets of groups: names with their values, in the order in which they are shown. */
import { facetValuesMax, type GroupFacets } from '@souk/contracts';
import { type Matches, partsOfToken } from './matches.ts';

interface CountedValue {
  name: string;
  value: string;
  group_count: number;
}

/** Names without a value are left out; `values` are in order, of each name one more than is shown where there are more. */
export function groupFacets(
  names: readonly string[],
  group_count: number,
  values: readonly CountedValue[],
  { more }: { more: boolean },
): GroupFacets {
  const byName = Map.groupBy(values, ({ name }) => name);
  return {
    group_count,
    more,
    facets: names.flatMap((name) => {
      const found = byName.get(name) ?? [];
      if (found.length === 0) return [];
      const shown = found.slice(0, facetValuesMax).map(({ value, group_count: count }) => ({ value, group_count: count }));
      return [{ name, more: found.length > facetValuesMax, values: shown }];
    }),
  };
}

/** The other filters where there is one of this name; undefined where there is none. */
export function without(matches: Matches, name: string): Matches | undefined {
  const others = matches.filter(([token = '']) => partsOfToken(token).name !== name);
  return others.length === matches.length ? undefined : others;
}
