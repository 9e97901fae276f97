import type { Product } from '@souk/contracts';
import type { ProductsContext } from '../context.ts';
import { arranged, type StoredImage, withoutImage } from '../domain/product-images.ts';
import { type RevisionRequest, reviseImages } from './revise-product.ts';

/** Order and texts of the pictures; what is left out is taken off. Throws `image_unknown` and what a change of a product throws. */
export function arrangeImages(
  ctx: ProductsContext,
  request: RevisionRequest,
  images: readonly Pick<StoredImage, 'hash' | 'alt'>[],
): Promise<Product> {
  return reviseImages(ctx, request, (product) => arranged(product, images, ctx.clock.now()));
}

/** Takes a picture off; its files stay for some days. Throws what a change of a product throws. */
export async function removeImage(ctx: ProductsContext, request: RevisionRequest, hash: string): Promise<void> {
  await reviseImages(ctx, request, (product) => withoutImage(product, hash, ctx.clock.now()));
}
