import { type Language, preferredLanguage } from '@souk/ui';
import { de, german } from './de.ts';
import { en, english } from './en.ts';
import { fr, french } from './fr.ts';
import type { Words } from './words.ts';

/** A language that the shop speaks. */
export interface Tongue extends Language {
  readonly words: Words;
}

const tongues: readonly [Tongue, ...Tongue[]] = [
  { ...english, words: en },
  { ...german, words: de },
  { ...french, words: fr },
];

/** The language to answer a browser in. */
export function tongueFor(accept_language: string | undefined): Tongue {
  return preferredLanguage(accept_language, tongues);
}
