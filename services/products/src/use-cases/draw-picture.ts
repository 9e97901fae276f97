import type { ProductsContext } from '../context.ts';
import { drawPicture, pictureCalled } from '../domain/picture.ts';
import { numberOf } from '../domain/sample-picture.ts';

/** The picture of this name; undefined when neither the sample has one nor the name asks for one by its words. */
export async function pictureNamed(ctx: ProductsContext, name: string): Promise<{ svg: string; etag: string } | undefined> {
  const picture = pictureCalled(name, await ctx.samplePictures());
  if (picture === undefined) return undefined;
  const svg = drawPicture(picture);
  return { svg, etag: numberOf(svg).toString(16) };
}
