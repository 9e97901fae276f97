import type { ProductsContext } from '../context.ts';
import { listTag, lockOlderDocuments, renewDocuments as renew } from '../store/products.ts';

const productsMax = 250;

/** Makes some search documents of older rules anew; answers whether there may be more. */
export async function renewDocuments(ctx: ProductsContext): Promise<boolean> {
  const count = await ctx.db.transaction(async (tx) => {
    const products = await lockOlderDocuments(tx, productsMax);
    if (products.length > 0) await renew(tx, products);
    return products.length;
  });
  if (count > 0) await ctx.cache.invalidate({ tags: [listTag] });
  return count === productsMax;
}
