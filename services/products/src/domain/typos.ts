/**
 * What a mistyped word may have meant. One slip (a letter too many, missing, wrong, or two swapped) is found by making
 * every word one slip away and looking which exist (Norvig, "How to Write a Spelling Corrector", 2007): exact, and as
 * fast with a million known words as with ten. Two slips are looked for among words that share three-letter pieces.
 */
import { slipsBetween } from '@souk/kernel';

const alphabet = [...'abcdefghijklmnopqrstuvwxyz'];
const correctionsMax = 3;

/** Every text one slip away from `word`, without the word itself. */
export function oneSlipAway(word: string): string[] {
  const letters = [...word];
  const variants = new Set<string>();
  for (let at = 0; at <= letters.length; at += 1) {
    const before = letters.slice(0, at).join('');
    const rest = letters.slice(at);
    const after = rest.join('');
    const behind = rest.slice(1).join('');
    for (const letter of alphabet) {
      variants.add(before + letter + after);
      if (rest.length > 0) variants.add(before + letter + behind);
    }
    if (rest.length > 0) variants.add(before + behind);
    if (rest.length > 1) variants.add(`${before}${rest[1]}${rest[0]}${rest.slice(2).join('')}`);
  }
  variants.delete(word);
  variants.delete('');
  return [...variants];
}

/** How many slips a word of this length is forgiven. */
export function slipsForgiven(word: string): number {
  if (word.length < 3) return 0;
  return word.length < 5 ? 1 : 2;
}

/** The likeliest of the known words, best first: fewest slips, then the same first letter, then alphabetical. */
export function bestCorrections(typed: string, known: readonly string[]): string[] {
  const ranked = [...new Set(known)]
    .map((word) => ({ word, slips: slipsBetween(typed, word), start: word[0] === typed[0] ? 0 : 1 }))
    .filter(({ slips }) => slips <= slipsForgiven(typed));
  ranked.sort((left, right) => left.slips - right.slips || left.start - right.start || (left.word < right.word ? -1 : 1));
  const fewest = ranked[0]?.slips;
  return ranked
    .filter(({ slips }) => slips === fewest)
    .slice(0, correctionsMax)
    .map(({ word }) => word);
}
