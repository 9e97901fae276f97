/** The catalogue a new shop starts with, so that every list has something to show. */
import { homeThings } from './sample-home.ts';
import { leisureThings } from './sample-leisure.ts';
import { tableThings } from './sample-table.ts';
import { numberOf, picturesOf, productsOf, type SamplePicture, type SampleProduct } from './sample-thing.ts';
import { wearThings } from './sample-wear.ts';

const everything = [...tableThings, ...wearThings, ...homeThings, ...leisureThings];

/** All products of the sample, shuffled always in the same way: the newest ten are of ten kinds. */
export function sampleProducts(): SampleProduct[] {
  const shuffled = [...everything].sort((left, right) => numberOf(left.name) - numberOf(right.name));
  return shuffled.flatMap(productsOf);
}

/** The pictures of the sample by name. */
export function samplePictures(): Map<string, SamplePicture> {
  return new Map(everything.flatMap(picturesOf).map((picture) => [picture.name, picture]));
}
