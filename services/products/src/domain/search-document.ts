import { beginningOf } from '@souk/kernel';
import type { ProductContent } from './product.ts';
import { fold, vocabularyOf, wordsOf } from './words.ts';

/** How much of a description search looks at, in characters: more makes documents that are slow to rank. */
const descriptionMax = 2_000;
const sortNameMax = 200;

/** What search keeps of a product: its words by weight, and its name in the form lists are sorted by. */
export interface SearchDocument {
  sort_name: string;
  /** Words of the name. */
  named: string;
  /** Words of SKU, category, options and attributes. */
  described: string;
  /** Words of the description. */
  told: string;
}

export function searchDocument(product: ProductContent): SearchDocument {
  const { sku, name, category, attributes, options, description } = product;
  const facts = [sku, category ?? '', ...Object.values(options), ...Object.values(attributes)].join(' ');
  return {
    sort_name: sortName(name),
    named: wordsOf(name).join(' '),
    described: wordsOf(facts).join(' '),
    told: wordsOf(beginningOf(description, descriptionMax)).join(' '),
  };
}

/** The form of a name by which lists are sorted and names compared. */
export function sortName(name: string): string {
  return beginningOf(fold(name), sortNameMax).trim();
}

/** The distinct words of these products, sorted. */
export function vocabularyOfDocuments(documents: readonly SearchDocument[]): string[] {
  return vocabularyOf(documents.flatMap(({ named, described, told }) => [named, described, told]));
}
