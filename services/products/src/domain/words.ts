/**
 * Words as search sees them: lower case, without accents, letters and digits only. What is stored and what is asked for
 * pass through the same function, so that both always meet.
 */
import { beginningOf } from '@souk/kernel';

/** Letters that no decomposition turns into plain ones. */
const plainLetters: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['ł', 'l'],
  ['þ', 'th'],
  ['ı', 'i'],
]);

const wordLengthMax = 40;
const vocabularyWord = /^\p{L}{3,24}$/u;

/** Lower case without accents. */
export function fold(text: string): string {
  const bare = text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '');
  return bare.replace(/[ßæœøđðłþı]/g, (letter) => plainLetters.get(letter) ?? letter);
}

/** The words of a text, in order, repeated as often as they are there; longer ones are cut off. */
export function wordsOf(text: string): string[] {
  const words = fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.map((word) => beginningOf(word, wordLengthMax));
}

/** Whether a word can be learnt and corrected: a whole word of letters, not a number or an article code. */
export function isVocabulary(word: string): boolean {
  return vocabularyWord.test(word);
}

/** The distinct words worth learning from these texts, sorted. */
export function vocabularyOf(texts: readonly string[]): string[] {
  const words = new Set<string>();
  for (const text of texts) {
    for (const word of text.split(' ')) if (isVocabulary(word)) words.add(word);
  }
  return [...words].sort();
}
