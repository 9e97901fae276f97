import type { Catalogue } from '@souk/ui';
import type { en } from './en.ts';

/** Other languages have the same keys; the compiler compares them. */
export type Words = Catalogue<typeof en>;
