/** The languages of the console. The words of one are loaded when the browser prefers it. */
import type { Language } from '@souk/ui';
import { german } from './de/german.ts';
import { english } from './en/english.ts';
import { french } from './fr/french.ts';
import type { Words } from './words.ts';

export interface ConsoleLanguage extends Language {
  load(): Promise<Words>;
}

/** The first is for browsers that prefer none of them. */
export const languages: readonly [ConsoleLanguage, ...ConsoleLanguage[]] = [
  { ...english, load: async () => (await import('./en.ts')).en },
  { ...german, load: async () => (await import('./de.ts')).de },
  { ...french, load: async () => (await import('./fr.ts')).fr },
];
