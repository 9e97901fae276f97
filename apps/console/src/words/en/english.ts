import { formatPlural, type Language } from '@souk/ui';

export const english: Language = { tag: 'en', locale: 'en-GB', direction: 'ltr' };

/** `#` in what is chosen stands for the count. */
export const counted = (count: number, one: string, other: string): string => formatPlural(english.locale, count, { one, other });
