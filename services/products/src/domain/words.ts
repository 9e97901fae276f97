/**
 * Words as search sees them: lower case, without accents, letters and digits only. What is stored and what is asked for
 * pass through the same functions, so that both always match.
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
/**
 * In these scripts a mark is an accent or a vowel that writers may leave out. Everywhere else it is part of the word: the
 * voiced marks of kana, and the vowel signs of the scripts of India and South-East Asia.
 */
const accented = /([\p{Script=Latin}\p{Script=Greek}\p{Script=Hebrew}\p{Script=Arabic}])\p{M}+/gu;
const stressed = /(\p{Script=Cyrillic})[\u0300\u0301]+/gu;
/** Scripts that write words without spaces between them. */
const unspaced = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u30fc]`;
const run = new RegExp(
  String.raw`${unspaced}[${unspaced.slice(1, -1)}\p{M}]*|(?!${unspaced})[\p{L}\p{N}](?:(?!${unspaced})[\p{L}\p{N}\p{M}])*`,
  'gu',
);
const unspacedRun = new RegExp(`^${unspaced}`, 'u');
/** Parts that a sign joins: Wi-Fi, VL-50, R&B. */
const compound = /(?<![\p{L}\p{N}\p{M}])[\p{L}\p{N}\p{M}]+(?:[-./_'’&][\p{L}\p{N}\p{M}]+)+/gu;
const separator = /[-./_'’&]/u;
/** Names that end in a sign, or begin with a point: C++, C#, .NET. */
const signed = /(?<![\p{L}\p{N}])(?:\.\p{L}+|[\p{L}\p{N}]+(?:\+\+?|#)(?![\p{L}\p{N}]))/gu;

/** Lower case without accents. */
export function fold(text: string): string {
  const bare = text
    .toLowerCase()
    .normalize('NFKD')
    .replace(accented, '$1')
    .replace(stressed, '$1')
    .replaceAll('е\u0308', 'е')
    .normalize('NFKC');
  return bare.replace(/[ßæœøđðłþı]/g, (letter) => plainLetters.get(letter) ?? letter);
}

/** The words of a text, in order, repeated as often as they are there; longer ones are cut off. */
export function wordsOf(text: string): string[] {
  const words = fold(text).match(run) ?? [];
  return words.map((word) => (isUnspaced(word) ? word : beginningOf(word, wordLengthMax)));
}

/** Whether a word is a run of a script without spaces, which may hold several. */
export function isUnspaced(word: string): boolean {
  return unspacedRun.test(word);
}

/** Every two neighbouring characters, and the last alone: whatever part of the run is asked for, its pairs are among them. */
export function pairsOf(word: string): string[] {
  const characters = [...word];
  return characters.map((character, index) => character + (characters[index + 1] ?? ''));
}

/** The joined spellings of compounds: of Wi-Fi wifi, of A-B-C ab, bc and abc. */
export function joinedWords(text: string): string[] {
  return (fold(text).match(compound) ?? []).flatMap((found) => {
    const parts = found.split(separator);
    const pairs = parts.slice(1).map((part, index) => (parts[index] ?? '') + part);
    return [...new Set([...pairs, parts.join('')])].filter((word) => word.length <= wordLengthMax);
  });
}

/** Names with a sign that belongs to them. */
export function signedWords(text: string): string[] {
  return (fold(text).match(signed) ?? []).map((word) => beginningOf(word, wordLengthMax));
}

/** Whether the English dictionary knows what to do with it; all other words are indexed as they are. */
export function isPlain(word: string): boolean {
  return /^[a-z0-9]+$/.test(word);
}

/** Whether a word can be learnt and corrected: a whole word of letters, not a number or an article code. */
export function isVocabulary(word: string): boolean {
  return vocabularyWord.test(word) && !isUnspaced(word);
}

/** The distinct words worth learning from these texts, sorted. */
export function vocabularyOf(texts: readonly string[]): string[] {
  const words = new Set<string>();
  for (const text of texts) {
    for (const word of text.split(' ')) if (isVocabulary(word)) words.add(word);
  }
  return [...words].sort();
}
