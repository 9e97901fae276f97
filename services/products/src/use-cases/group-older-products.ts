import type { ProductsContext } from '../context.ts';
import { lockUngrouped, noteGrouped } from '../store/groups.ts';
import { listTag } from '../store/products.ts';
import { keepGroups } from './keep-groups.ts';

const productsMax = 250;

/** Makes groups of products that were written without; answers whether there may be more. */
export async function groupOlderProducts(ctx: ProductsContext): Promise<boolean> {
  const count = await ctx.db.transaction(async (tx) => {
    const products = await lockUngrouped(tx, productsMax);
    if (products.length === 0) return 0;
    await keepGroups(
      ctx,
      tx,
      products.map((after) => ({ after })),
    );
    await noteGrouped(
      tx,
      products.map(({ id }) => id),
    );
    return products.length;
  });
  if (count > 0) await ctx.cache.invalidate({ tags: [listTag] });
  return count === productsMax;
}
