import { listKey } from '@souk/cache';
import { facetGroupsMax, facetNamesMax, facetValuesMax, type GroupFacets } from '@souk/contracts';
import type { ProductsContext } from '../context.ts';
import { groupFacets, without } from '../domain/group-facets.ts';
import { findScope, wholeCatalogue } from '../store/categories.ts';
import { type CountedValue, countedGroups, countedNames, countedValues } from '../store/facet-counts.ts';
import { countFacetValues } from '../store/group-facets.ts';
import type { ProductFilters } from '../store/lists.ts';
import { listTag } from '../store/products.ts';
import { candidatesMax, type SearchQuestion } from '../store/search.ts';
import { isOfCategoryAlone } from './count-listed.ts';
import { type GivenFilters, keyOf, minorFilters, type NamedFilters, questionOf } from './list-filters.ts';

/** One more than is listed says whether there are more. */
const valuesMax = facetValuesMax + 1;
const groupsMax = facetGroupsMax + 1;

/** JSON text of what groups with these filters can be filtered by. Throws `amount_invalid`. */
export async function countGroupFacets(ctx: ProductsContext, given: GivenFilters, q: string | undefined): Promise<string> {
  const { list_cache_ttl_ms: ttl_ms } = ctx.config;
  const filters = minorFilters(ctx, given);
  const key = listKey('products', 'group-facets', { ...keyOf(filters), q });
  const load = () => loadFacets(ctx, filters, q);
  return (await ctx.cache.getOrLoadEntry(key, { ttl_ms, stale_ms: 10 * ttl_ms, tags: [listTag], load })).text;
}

async function loadFacets(ctx: ProductsContext, { category, ...others }: NamedFilters, q: string | undefined): Promise<GroupFacets> {
  const { db } = ctx;
  const scope = category === undefined ? undefined : await findScope(db, category);
  const place = scope?.id ?? wholeCatalogue;
  const names = scope?.facet_names ?? (await countedNames(db, place, facetNamesMax));
  if (q === undefined && isOfCategoryAlone(others) && (category === undefined || scope !== undefined)) {
    const [groups, values] = await Promise.all([countedGroups(db, place), countedValues(db, place, names, valuesMax)]);
    return groupFacets(names, groups, values, { more: false });
  }
  const question = q === undefined ? undefined : await questionOf(ctx, q);
  if (q !== undefined && question === undefined) return groupFacets(names, 0, [], { more: false });
  const labels = category === undefined ? undefined : (scope?.labels ?? [category]);
  return filteredFacets(ctx, { ...others, labels }, question, names);
}

/** Each name is counted without its own filter: all that have none at once, the others one by one. */
async function filteredFacets(
  { db }: ProductsContext,
  filters: ProductFilters,
  question: SearchQuestion | undefined,
  names: readonly string[],
): Promise<GroupFacets> {
  const limits = { question, groups_max: groupsMax, values_max: valuesMax };
  const own = names.map((name) => ({ name, rest: without(filters.matches ?? [], name) }));
  const plain = own.flatMap(({ name, rest }) => (rest === undefined ? [name] : []));
  const all = await countFacetValues(db, { filters, names: plain, ...limits });
  const values: CountedValue[] = [...all.values];
  let most = all.groups;
  for (const { name, rest } of own) {
    if (rest === undefined) continue;
    const one = await countFacetValues(db, { filters: { ...filters, matches: rest }, names: [name], ...limits });
    values.push(...one.values);
    most = Math.max(most, one.groups);
  }
  const more = question === undefined ? most > facetGroupsMax : most >= candidatesMax;
  return groupFacets(names, Math.min(all.groups, facetGroupsMax), values, { more });
}
