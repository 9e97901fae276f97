import { addProductImage, arrangeProductImages, getMedia, removeProductImage } from '@souk/contracts';
import { answer, answerContent, noContent, serve } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import { addImage } from '../use-cases/add-image.ts';
import { arrangeImages, removeImage } from '../use-cases/arrange-images.ts';
import * as reading from '../use-cases/get-media.ts';
import { tagOf, versionCondition } from './product-tag.ts';

/** What is at an address is named after its content. Opened on its own it must not be able to load or run anything. */
const mediaHeaders = {
  'cache-control': 'public, max-age=31536000, immutable',
  'content-security-policy': "default-src 'none'; sandbox",
  'x-content-type-options': 'nosniff',
};

export const productImageRoutes = [
  serve(addProductImage, async (ctx: ProductsContext, { params, query, raw_body, if_match, cause }) => {
    const request = { ...params, if_match: versionCondition(if_match), cause };
    const product = await addImage(ctx, request, raw_body as AsyncIterable<Buffer>, query.alt ?? '');
    return answer(201, product, { etag: tagOf(product) });
  }),
  serve(arrangeProductImages, async (ctx: ProductsContext, { params, body, if_match, cause }) => {
    const product = await arrangeImages(ctx, { ...params, if_match: versionCondition(if_match), cause }, body.images);
    return answer(200, product, { etag: tagOf(product) });
  }),
  serve(removeProductImage, async (ctx: ProductsContext, { params: { product_id, hash }, if_match, cause }) => {
    await removeImage(ctx, { product_id, if_match: versionCondition(if_match), cause }, hash);
    return noContent();
  }),
  serve(getMedia, async (ctx: ProductsContext, { params }) =>
    answerContent(200, 'image/webp', await reading.getMedia(ctx, params.name), { etag: params.name, headers: mediaHeaders }),
  ),
];
