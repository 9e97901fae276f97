/** Staff change the tree of categories, one change at a time. */
import { type CategoryResource, refusal } from '@souk/contracts';
import type { Tx } from '@souk/postgres';
import { checkIfMatch } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import { type CategoryRecord, pathBelow } from '../domain/categories.ts';
import { claimLabel, insertCategory } from '../store/categories.ts';
import { categoriesOf, hasSibling, leadsTo, lockTree, moveBranch, saveCategory } from '../store/category-tree.ts';
import { allCategoriesKey, categoriesKey, listTag } from '../store/products.ts';
import { getCategory } from './list-categories.ts';
import { claimHandle } from './refresh-groups.ts';

/** What staff say of a category; what is left out stays, or has its default. */
export interface CategoryInput {
  name?: string | undefined;
  handle?: string | undefined;
  parent_id?: string | null | undefined;
  position?: number | undefined;
  facet_names?: readonly string[] | null | undefined;
}

/** Throws `category_taken`, `category_misplaced`, `category_unknown`. */
export async function createCategory(ctx: ProductsContext, input: CategoryInput & { name: string }): Promise<CategoryResource> {
  const id = ctx.ids.uuid();
  await ctx.db.transaction(async (tx) => {
    await lockTree(tx);
    const { name, parent_id = null, position = null, facet_names = null } = input;
    const path = await placeOf(tx, parent_id, id, 1);
    if (await hasSibling(tx, { id, name, parent_id })) throw refusal('category_taken');
    // A name that leads elsewhere already may be used again below another parent: products name this one by its handle.
    await claimLabel(tx, name, id);
    const handle = input.handle === undefined ? await claimHandle(tx, name, id) : await claimGiven(tx, input.handle, id);
    await insertCategory(tx, { id, handle, name, parent_id, path, position, facet_names, version: 1 });
  });
  await forgetTree(ctx);
  return getCategory(ctx, id);
}

/** Throws the same, and `not_found`, `precondition_failed`. */
export async function changeCategory(
  ctx: ProductsContext,
  { category_id, if_match }: { category_id: string; if_match: string | undefined },
  input: CategoryInput,
): Promise<CategoryResource> {
  await ctx.db.transaction(async (tx) => {
    await lockTree(tx);
    const [before] = await categoriesOf(tx, [category_id]);
    if (before === undefined) throw refusal('not_found', 'There is no such category.');
    checkIfMatch({ if_match }, before.version);
    const said = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Partial<CategoryRecord>;
    const after = { ...before, ...said, version: before.version + 1 };
    const path = await placeOf(tx, after.parent_id, category_id, before.levels);
    if (await hasSibling(tx, after)) throw refusal('category_taken');
    if (after.name !== before.name) await claimLabel(tx, after.name, category_id);
    if (after.handle !== before.handle) await claimGiven(tx, after.handle, category_id);
    await saveCategory(tx, after);
    if (after.parent_id !== before.parent_id) await moveBranch(tx, category_id, before.path, path);
  });
  await forgetTree(ctx);
  return getCategory(ctx, category_id);
}

async function placeOf(tx: Tx, parent_id: string | null, id: string, levels: number): Promise<readonly string[]> {
  const [parent] = parent_id === null ? [] : await categoriesOf(tx, [parent_id]);
  if (parent_id !== null && parent === undefined) throw refusal('category_unknown');
  const path = pathBelow(parent, id, levels);
  if (path === undefined) throw refusal('category_misplaced');
  return path;
}

/** A handle that the category had before may become the present one again. */
async function claimGiven(tx: Tx, handle: string, id: string): Promise<string> {
  if (!(await claimLabel(tx, handle, id)) && !(await leadsTo(tx, handle, id))) throw refusal('category_taken');
  return handle;
}

async function forgetTree(ctx: ProductsContext): Promise<void> {
  await ctx.cache.invalidate({ keys: [categoriesKey, allCategoriesKey], tags: [listTag] });
}
