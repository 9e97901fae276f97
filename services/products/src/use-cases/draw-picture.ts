import { drawPicture } from '../domain/picture.ts';
import { samplePictures } from '../domain/sample-catalogue.ts';
import { numberOf } from '../domain/sample-thing.ts';

const pictures = samplePictures();

/** The picture of this name; undefined when the sample has none. */
export function pictureNamed(name: string): { svg: string; etag: string } | undefined {
  const picture = pictures.get(name);
  if (picture === undefined) return undefined;
  const svg = drawPicture(picture);
  return { svg, etag: numberOf(svg).toString(16) };
}
