import type { Product } from '@souk/contracts';
import type { Cause } from '@souk/messaging';
import type { ProductsContext } from '../context.ts';
import { contentOf, newProduct, type ProductInput, toResource } from '../domain/product.ts';
import { skuFromName } from '../domain/sku.ts';
import { asSkuTaken, forgetProducts, saveProducts } from './save-products.ts';

export type CreateProduct = ProductInput & { name: string; price: number; stock_quantity?: number | undefined };

/** Throws `sku_taken`, `amount_invalid`, `currency_unknown`. */
export async function createProduct(ctx: ProductsContext, asked: CreateProduct, cause: Cause): Promise<Product> {
  const { stock_quantity = 0, ...input } = asked;
  const id = ctx.ids.uuid();
  const content = contentOf(input, { sku: skuFromName(input.name, id), currency: ctx.config.shop_currency });
  const product = newProduct(content, { id, now_ms: ctx.clock.now() });
  try {
    await ctx.db.transaction((tx) => saveProducts(ctx, tx, [{ product, quantity: stock_quantity }], [], cause));
  } catch (error) {
    throw await asSkuTaken(ctx, error, product.sku);
  }
  await forgetProducts(ctx, [id]);
  return toResource({ ...product, stock_quantity });
}
