/** Groups are made of their products and counted in the categories that these name; a category that is new is made on the way. */
import type { Tx } from '@souk/postgres';
import type { ProductsContext } from '../context.ts';
import { handlesFor } from '../domain/categories.ts';
import { claimLabel, holdTree, insertCategory, unknownLabels } from '../store/categories.ts';
import { lockUncounted, refreshGroups as refresh } from '../store/group-refresh.ts';
import { allCategoriesKey, categoriesKey, listTag } from '../store/products.ts';

type Parts = Pick<ProductsContext, 'ids'>;

/** Makes groups that the transaction has locked what their products say now. */
export async function refreshGroups(parts: Parts, tx: Tx, ids: readonly string[]): Promise<void> {
  const [, labels] = await Promise.all([holdTree(tx), unknownLabels(tx, ids)]);
  for (const label of labels) await addCategory(parts, tx, label);
  await refresh(tx, ids);
}

/** A product names a category that there is not: it becomes one at the root. */
async function addCategory({ ids }: Parts, tx: Tx, name: string): Promise<void> {
  const id = ids.uuid();
  if (!(await claimLabel(tx, name, id))) return;
  const handle = await claimHandle(tx, name, id);
  await insertCategory(tx, { id, handle, name, parent_id: null, path: [id], position: null, facet_names: null, version: 1 });
}

/** A handle that leads to this category and to no other; its name may be one. */
export async function claimHandle(tx: Tx, name: string, id: string): Promise<string> {
  const wanted = handlesFor(name, id);
  for (const handle of wanted) if (handle === name || (await claimLabel(tx, handle, id))) return handle;
  throw new TypeError(`every handle of ${id} is taken: ${wanted.join(', ')}`);
}

const groupsMax = 250;

/** Counts some groups that are not counted as they are; answers whether there may be more. */
export async function countOlderGroups(ctx: ProductsContext): Promise<boolean> {
  const count = await ctx.db.transaction(async (tx) => {
    const ids = await lockUncounted(tx, groupsMax);
    if (ids.length > 0) await refreshGroups(ctx, tx, ids);
    return ids.length;
  });
  if (count > 0) await ctx.cache.invalidate({ keys: [categoriesKey, allCategoriesKey], tags: [listTag] });
  return count === groupsMax;
}
