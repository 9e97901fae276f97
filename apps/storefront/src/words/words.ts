import type { Catalogue } from '@souk/ui';
import type { en } from './en.ts';

/** What each language says; English is the model, and the compiler compares. */
export type Words = Catalogue<typeof en>;
