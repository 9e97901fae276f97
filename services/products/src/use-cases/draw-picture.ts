import type { ProductsContext } from '../context.ts';
import { drawPicture } from '../domain/picture.ts';
import { numberOf } from '../domain/sample-picture.ts';

/** The picture of this name; undefined when the sample has none. */
export async function pictureNamed(ctx: ProductsContext, name: string): Promise<{ svg: string; etag: string } | undefined> {
  const picture = (await ctx.samplePictures()).get(name);
  if (picture === undefined) return undefined;
  const svg = drawPicture(picture);
  return { svg, etag: numberOf(svg).toString(16) };
}
