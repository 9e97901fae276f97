import { formatDecimal, formatPlural, type Language } from '@souk/ui';

export const french: Language = { tag: 'fr', locale: 'fr-FR', direction: 'ltr' };

/** `#` in what is chosen stands for the count. */
export const counted = (count: number, one: string, other: string): string => formatPlural(french.locale, count, { one, other });

export const decimal = (number: number): string => formatDecimal(french.locale, number);
