/** From what a person typed to what the full-text index is asked. */
import pluralize from 'pluralize';
import { stopWords } from './stop-words.ts';
import { isPlain, isUnspaced, isVocabulary, pairsOf, signedWords, wordsOf } from './words.ts';

/** Words of a question beyond this are not looked at, nor are pairs of a run beyond the second. */
const wordsMax = 8;
const pairsMax = 24;
const splitLengthMax = 24;
const partLengthMin = 3;

/** One word of the question and what is as good as it. */
export interface SearchTerm {
  typed: string;
  /** Singular and plural, and the word joined with its neighbours. */
  forms: readonly string[];
  /** Corrections of a word the catalogue does not know. */
  meant: readonly string[];
  /** The two words it may be made of. */
  parts: readonly string[];
  /** Also the words that begin with it. */
  prefix: boolean;
}

/** What the catalogue knows of a typed word. */
export interface Familiarity {
  exact: boolean;
  prefix: boolean;
  /** As the index has it; null for a word the English dictionary drops. */
  stem: string | null;
}

export type Known = ReadonlyMap<string, Familiarity>;

/** The distinct words of a question; English stop words only where there are no others. */
export function questionWords(q: string): string[] {
  const signed = new Set(signedWords(q));
  const bare = new Set([...signed].map((word) => word.replace(/[+#.]/g, '')));
  const words = [...new Set([...signed, ...wordsOf(q).filter((word) => !bare.has(word))])];
  const significant = words.filter((word) => !stopWords.has(word));
  return (significant.length > 0 ? significant : words).slice(0, wordsMax);
}

/** Other spellings of the word at this place: its singular and plural, and it joined with its neighbours. */
export function formsOf(words: readonly string[], index: number): string[] {
  const word = words[index] ?? '';
  if (!isPlain(word)) return isUnspaced(word) || !/[+#.]/.test(word) ? [] : [word.replace(/[+#.]/g, '')];
  const inflected = isVocabulary(word) ? [pluralize.singular(word), pluralize.plural(word)] : [];
  const before = words[index - 1];
  const after = words[index + 1];
  const joined = [before && isPlain(before) ? before + word : '', after && isPlain(after) ? word + after : ''];
  return [...new Set([...inflected, ...joined])].filter((form) => form !== word && form !== '' && isPlain(form) && !stopWords.has(form));
}

/** Where letters meet digits: vl50 is vl and 50. */
export function partsOf(word: string): string[] {
  const parts = isPlain(word) ? (word.match(/[a-z]+|[0-9]+/g) ?? []) : [];
  return parts.length === 2 ? parts : [];
}

/** Every way to read an unknown word as two. */
export function splitsOf(word: string): [string, string][] {
  if (!isPlain(word) || word.length > splitLengthMax) return [];
  const count = Math.max(0, word.length - 2 * partLengthMin + 1);
  return Array.from({ length: count }, (_, index) => [word.slice(0, index + partLengthMin), word.slice(index + partLengthMin)]);
}

/** The words that need correcting: words of letters that no word of the catalogue equals or begins with, in none of their forms. */
export function unknownWords(words: readonly string[], known: Known): string[] {
  return words.filter((word, index) => {
    const familiarity = known.get(word);
    if (!isVocabulary(word) || familiarity?.exact || familiarity?.prefix) return false;
    return !formsOf(words, index).some((form) => known.get(form)?.exact);
  });
}

/** The terms of a question. An unknown word is left out as long as others remain: the rest still finds something. */
export function searchTerms(
  words: readonly string[],
  known: Known,
  corrections: ReadonlyMap<string, readonly string[]>,
  splits: ReadonlyMap<string, readonly string[]>,
): SearchTerm[] {
  const unknown = new Set(unknownWords(words, known));
  const terms = words.map((typed, index) => ({
    typed,
    forms: formsOf(words, index),
    meant: corrections.get(typed) ?? [],
    parts: splits.get(typed) ?? partsOf(typed),
    prefix: isPrefix(typed, words.length, known) && !unknown.has(typed),
  }));
  const understood = terms.filter(({ typed, meant, parts }) => !unknown.has(typed) || meant.length > 0 || parts.length > 0);
  return understood.length > 0 ? understood : terms;
}

function isPrefix(typed: string, count: number, known: Known): boolean {
  if (known.get(typed)?.exact === true || stopWords.has(typed) || /[+#.]/.test(typed)) return false;
  return typed.length > 2 || count === 1;
}

/** The question in PostgreSQL's form of a tsquery, and the same without prefixes and guesses. Words hold nothing that needs escaping. */
export function fullTextQuery(terms: readonly SearchTerm[], known: Known): { full_text: string; exact: string } {
  const lexeme = (word: string): string => `'${known.get(word)?.stem ?? word}'`;
  const ways = terms.map(({ typed, forms, meant, parts, prefix }) => {
    if (isUnspaced(typed)) return [unspacedQuery(typed)];
    const both = parts.length === 2 ? [`(${parts.map(lexeme).join(' & ')})`] : [];
    return [`${lexeme(typed)}${prefix ? ':*' : ''}`, ...[...forms, ...meant].map(lexeme), ...both];
  });
  const exact = terms.map(({ typed }) => (isUnspaced(typed) ? unspacedQuery(typed) : lexeme(typed)));
  return { full_text: ways.map((alternatives) => `(${alternatives.join(' | ')})`).join(' & '), exact: exact.join(' & ') };
}

/** A run is where all its pairs are; a single character is where a pair begins with it. */
function unspacedQuery(typed: string): string {
  const pairs = pairsOf(typed);
  if (pairs.length === 1) return `'${typed}':*`;
  return `(${[...new Set(pairs.slice(0, -1))]
    .slice(0, pairsMax)
    .map((pair) => `'${pair}'`)
    .join(' & ')})`;
}
