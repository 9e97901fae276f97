/** From what a person typed to what the full-text index is asked. */
import { isVocabulary, wordsOf } from './words.ts';

/** Words of a question beyond this are not looked at. */
const wordsMax = 8;

/** One word of the question and the words that are as good as it. */
export interface SearchTerm {
  typed: string;
  /** Corrections of a word the catalogue does not know. */
  meant: readonly string[];
  /** Also the words that begin with it. */
  prefix: boolean;
}

/** What the catalogue knows of a typed word. */
export interface Familiarity {
  exact: boolean;
  prefix: boolean;
}

/** The distinct words of a question. */
export function questionWords(q: string): string[] {
  return [...new Set(wordsOf(q))].slice(0, wordsMax);
}

/** The words that need correcting: words of letters that no word of the catalogue equals or begins with. */
export function unknownWords(words: readonly string[], known: ReadonlyMap<string, Familiarity>): string[] {
  return words.filter((word) => {
    const familiarity = known.get(word);
    return isVocabulary(word) && !familiarity?.exact && !familiarity?.prefix;
  });
}

/** The terms of a question. A word nobody knows is left out as long as others remain: the rest still finds something. */
export function searchTerms(
  words: readonly string[],
  known: ReadonlyMap<string, Familiarity>,
  corrections: ReadonlyMap<string, readonly string[]>,
): SearchTerm[] {
  const unknown = new Set(unknownWords(words, known));
  const terms = words.map((typed) => ({
    typed,
    meant: corrections.get(typed) ?? [],
    prefix: known.get(typed)?.exact !== true && !unknown.has(typed) && (typed.length > 2 || words.length === 1),
  }));
  const understood = terms.filter((term) => !unknown.has(term.typed) || term.meant.length > 0);
  return understood.length > 0 ? understood : terms;
}

/** The question in PostgreSQL's full-text language. Words hold letters and digits only, so nothing needs escaping. */
export function fullTextQuery(terms: readonly SearchTerm[]): string {
  return terms
    .map((term) => `(${[`'${term.typed}'${term.prefix ? ':*' : ''}`, ...term.meant.map((word) => `'${word}'`)].join(' | ')})`)
    .join(' & ');
}
