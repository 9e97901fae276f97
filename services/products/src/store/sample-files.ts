/** The sample catalogue, kept as files that the importer reads like those of any shop. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { picturesByName, type SamplePicture } from '../domain/sample-picture.ts';

const products = new URL('../../templates/sample-products.csv', import.meta.url);
const pictures = new URL('../../templates/sample-pictures.csv', import.meta.url);

/** The products as a CSV file in Souk's own columns; prices have two decimals, whatever the shop's currency. */
export function sampleProductsFile(): AsyncIterable<Buffer> {
  return createReadStream(products);
}

export async function readSamplePictures(): Promise<ReadonlyMap<string, SamplePicture>> {
  const [, ...rows] = parse(await readFile(pictures)) as string[][];
  return picturesByName(rows);
}
