/** How many things a list has, without counting more than a bounded number of them. */
import type { ProductsContext } from '../context.ts';
import { findScope, wholeCatalogue } from '../store/categories.ts';
import { countedGroups, countedProducts } from '../store/facet-counts.ts';
import { countListed } from '../store/group-lists.ts';
import { countProducts } from '../store/lists.ts';
import { candidatesMax, countFound } from '../store/search.ts';
import { type NamedFilters, questionOf, withLabels } from './list-filters.ts';

/** Counted one by one up to here. */
const countedMax = 1_000;

export interface Counted {
  of: 'products' | 'groups';
  filters: NamedFilters;
  q: string | undefined;
}

/** The value of `Total-Count`: a number, with a plus where there may be more. */
export async function countList(ctx: ProductsContext, { of, filters, q }: Counted): Promise<string> {
  const { db } = ctx;
  if (q !== undefined) {
    const question = await questionOf(ctx, q);
    if (question === undefined) return '0';
    return upTo(await countFound(db, question, await withLabels(ctx, filters), of), candidatesMax - 1);
  }
  const kept = isOfCategoryAlone(filters) ? await keptCount(ctx, of, filters.category) : undefined;
  if (kept !== undefined) return String(kept);
  const narrowed = await withLabels(ctx, filters);
  return upTo(await (of === 'groups' ? countListed : countProducts)(db, narrowed, countedMax + 1), countedMax);
}

function upTo(count: number, most: number): string {
  return count > most ? `${most}+` : String(count);
}

export function isOfCategoryAlone({ category: _category, matches = [], ...others }: NamedFilters): boolean {
  return matches.length === 0 && Object.values(others).every((filter) => filter === undefined);
}

/** Undefined where nothing is kept: of a category that there is not, and of all products. */
async function keptCount({ db }: ProductsContext, of: Counted['of'], category: string | undefined): Promise<number | undefined> {
  if (category === undefined) return of === 'groups' ? countedGroups(db, wholeCatalogue) : undefined;
  const scope = await findScope(db, category);
  if (scope === undefined) return undefined;
  return of === 'groups' ? countedGroups(db, scope.id) : countedProducts(db, scope.labels);
}
