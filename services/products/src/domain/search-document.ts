import { beginningOf } from '@souk/kernel';
import type { ProductContent } from './product.ts';
import { stopWords } from './stop-words.ts';
import { fold, isPlain, isUnspaced, joinedWords, pairsOf, signedWords, vocabularyOf, wordsOf } from './words.ts';

/** How much of a description search looks at, in characters: more makes documents that are slow to rank. */
const descriptionMax = 2_000;
const sortNameMax = 200;
/** Most lexemes of one product that no dictionary is asked about, and the last position PostgreSQL counts. */
const verbatimMax = 4_000;
const positionMax = 16_383;

/** What search keeps of a product: its words by weight, and its name in the form lists are sorted by. */
export interface SearchDocument {
  sort_name: string;
  /** Words of the name. */
  named: string;
  /** Words of SKU, category, options and attributes. */
  described: string;
  /** Words of the description. */
  detailed: string;
  /** What is indexed as it is, in PostgreSQL's form of a tsvector. */
  verbatim: string;
  /** All words, for the vocabulary. */
  words: string;
}

export function searchDocument(product: ProductContent): SearchDocument {
  const { sku, name, category, attributes, options, description } = product;
  const attributeText = [sku, category ?? '', ...Object.values(options), ...Object.values(attributes)].join(' ');
  const parts = [
    { weight: 'A', words: allWords(name) },
    { weight: 'B', words: allWords(attributeText) },
    { weight: 'D', words: allWords(beginningOf(description, descriptionMax)) },
  ];
  const [named = '', described = '', detailed = ''] = parts.map(({ words }) => words.filter(isPlain).join(' '));
  return {
    sort_name: sortName(name),
    named,
    described,
    detailed,
    verbatim: tsvectorOf(parts),
    words: parts.flatMap(({ words }) => words).join(' '),
  };
}

function allWords(text: string): string[] {
  return [...wordsOf(text), ...joinedWords(text), ...signedWords(text)];
}

/** What the English dictionary would drop or take apart. Words hold no quotation marks and no backslashes. */
function tsvectorOf(parts: readonly { weight: string; words: readonly string[] }[]): string {
  const lexemes = new Map<string, string>();
  for (const { weight, words } of parts) {
    for (const word of words) {
      const kept = isUnspaced(word) ? pairsOf(word) : !isPlain(word) || (weight !== 'D' && stopWords.has(word)) ? [word] : [];
      for (const lexeme of kept) if (!lexemes.has(lexeme) && lexemes.size < verbatimMax) lexemes.set(lexeme, weight);
    }
  }
  return [...lexemes].map(([lexeme, weight], index) => `'${lexeme}':${Math.min(index + 1, positionMax)}${weight}`).join(' ');
}

/** The form of a name by which lists are sorted and names compared. */
export function sortName(name: string): string {
  return beginningOf(fold(name), sortNameMax).trim();
}

/** The distinct words of these products, sorted. */
export function vocabularyOfDocuments(documents: readonly SearchDocument[]): string[] {
  return vocabularyOf(documents.map(({ words }) => words));
}
