/** Categories as a tree. */
import { type CategoryResource, categoryDepthMax } from '@souk/contracts';
import { beginningOf } from '@souk/kernel';
import { slug } from './sku.ts';

export interface CategoryRecord {
  id: string;
  handle: string;
  name: string;
  parent_id: string | null;
  /** From the root to itself. */
  path: readonly string[];
  position: number;
  /** Null: those of its parent, else those that most groups have. */
  facet_names: readonly string[] | null;
  version: number;
}

const handleLengthMax = 80;

/** What a category of this name may be called in addresses, the nicest first; the last one is free. */
export function handlesFor(name: string, id: string): string[] {
  const base = beginningOf(slug(name), handleLengthMax).replace(/-$/, '') || 'category';
  return [base, ...[2, 3, 4, 5].map((number) => `${base}-${number}`), `${base}-${id.replaceAll('-', '')}`];
}

/** As the contract has it. */
export function categoryResource(
  category: CategoryRecord,
  counts: Pick<CategoryResource, 'product_count' | 'total_product_count' | 'group_count'>,
): CategoryResource {
  const { id, handle, name, parent_id, path, position, facet_names, version } = category;
  return { id, handle, name, parent_id, path: [...path], position, facet_names: facet_names && [...facet_names], version, ...counts };
}

/** Where a category is to be: below a parent, or at the root; undefined where it cannot be. */
export function pathBelow(parent: Pick<CategoryRecord, 'path'> | undefined, id: string, levels: number): readonly string[] | undefined {
  const above = parent?.path ?? [];
  return above.includes(id) || above.length + levels > categoryDepthMax ? undefined : [...above, id];
}
