import { hash } from 'node:crypto';
import { imageBytesMax, type Product, refusal } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { ProductsContext } from '../context.ts';
import { imageFormatOf, mediaName, mediaWidths } from '../domain/media.ts';
import { withImage } from '../domain/product-images.ts';
import { keepMedia, type MediaRow, useMedia } from '../store/media.ts';
import { findProduct } from '../store/products.ts';
import { type RevisionRequest, reviseImages } from './revise-product.ts';

/**
 * A picture more of a product; one that it has already changes nothing. Throws `image_invalid`, `too_many_images`, `not_found`,
 * `product_archived`, `precondition_failed`, `overloaded`.
 */
export function addImage(ctx: ProductsContext, request: RevisionRequest, source: AsyncIterable<Buffer>, alt: string): Promise<Product> {
  return ctx.uploads.run(async () => {
    const found = await findProduct(ctx.db, request.product_id);
    if (found === undefined) throw refusal('not_found', 'There is no such product.');
    if (found.status === 'archived') throw refusal('product_archived');
    const bytes = await readPicture(source);
    const media = await storePicture(ctx, bytes);
    return reviseImages(ctx, request, (product) => withImage(product, { ...media, alt }, ctx.clock.now()));
  });
}

async function readPicture(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of source) {
    // What is no picture is refused by its first bytes, before the rest has arrived.
    if (length === 0 && chunk.length >= firstBytes) needFormat(chunk);
    length += chunk.length;
    if (length > imageBytesMax) throw refusal('body_too_large', `A picture may have at most ${imageBytesMax} bytes.`);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  needFormat(bytes);
  return bytes;
}

/** So many say what a picture is. */
const firstBytes = 256;

function needFormat(bytes: Buffer): void {
  if (imageFormatOf(bytes) === undefined)
    throw refusal('image_invalid', 'This is no JPEG, PNG, WebP or AVIF picture; SVG and other formats are not taken.');
}

/**
 * Keeps the files of a picture. Its row is written, or marked as used, before the files are looked for: the job that removes unused
 * ones holds the row until their files are gone, so what is found or written after that stays.
 */
async function storePicture(ctx: ProductsContext, bytes: Buffer): Promise<MediaRow> {
  const { db, clock, media_storage } = ctx;
  const name = hash('sha256', bytes, 'hex');
  const known = await useMedia(db, name, timestamp(clock.now()));
  if (known !== undefined && (await hasFiles(ctx, name))) return known;
  const { width, height, pictures } = await ctx.pictures.convert(bytes);
  const media = { hash: name, width, height };
  await keepMedia(db, media, timestamp(clock.now()));
  for (const picture of pictures) await media_storage.save(mediaName(name, picture.width), picture.bytes);
  return media;
}

async function hasFiles({ media_storage }: ProductsContext, name: string): Promise<boolean> {
  for (const width of mediaWidths) if (!(await media_storage.has(mediaName(name, width)))) return false;
  return true;
}
