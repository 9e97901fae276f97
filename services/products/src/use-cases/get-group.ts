import { type Group, type GroupDetail, refusal } from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import { encodeCursor } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import { groupResource, optionsOf } from '../domain/groups.ts';
import { toResource } from '../domain/product.ts';
import { findGroup, findOptions, findVariants, lockGroups, reserveHandles, setHandles } from '../store/groups.ts';
import { listTag } from '../store/products.ts';

/** Most variants of which options are gathered. */
const optionVariantsMax = 2_000;

export type GroupPage = { group: GroupDetail; next_cursor: string | null } | { moved_to: string };

/** A group with a page of its variants, or the handle it has now. Throws `not_found`. */
export async function getGroup(
  { db }: ProductsContext,
  handle: string,
  page: { limit: number; after: string | undefined },
): Promise<GroupPage> {
  const group = await findGroup(db, handle, isUuid(handle) ? handle : undefined);
  if (group === undefined) throw noGroup();
  if (group.handle !== handle) return { moved_to: group.handle };
  const [options, variants] = await Promise.all([
    findOptions(db, group.id, optionVariantsMax),
    findVariants(db, group.id, page.after, page.limit + 1),
  ]);
  const shown = variants.slice(0, page.limit);
  const last = variants.length > page.limit ? shown.at(-1) : undefined;
  return {
    group: { ...groupResource(group), options: optionsOf(options), variants: shown.map(toResource) },
    next_cursor: last === undefined ? null : encodeCursor(last.id),
  };
}

/** Gives a group another handle; one that it had before becomes the present one again. Throws `not_found`, `handle_taken`. */
export async function renameGroup(ctx: ProductsContext, handle: string, wanted: string): Promise<Group> {
  const renamed = await ctx.db.transaction(async (tx) => {
    const found = await findGroup(tx, handle, isUuid(handle) ? handle : undefined);
    if (found === undefined) throw noGroup();
    await lockGroups(tx, [found.id]);
    if (isUuid(wanted)) throw refusal('handle_taken', 'A handle may not look like an id.');
    await reserveHandles(tx, [wanted], [found.id]);
    const holder = await findGroup(tx, wanted, undefined);
    if (holder?.id !== found.id) throw refusal('handle_taken');
    await setHandles(tx, [wanted], [found.id]);
    return { ...holder, handle: wanted };
  });
  await ctx.cache.invalidate({ tags: [listTag] });
  return groupResource(renamed);
}

function noGroup(): Error {
  return refusal('not_found', 'There is no such group.');
}
