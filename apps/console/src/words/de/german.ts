import { formatDecimal, formatPlural, type Language } from '@souk/ui';

export const german: Language = { tag: 'de', locale: 'de-DE', direction: 'ltr' };

/** `#` in what is chosen stands for the count. */
export const counted = (count: number, one: string, other: string): string => formatPlural(german.locale, count, { one, other });

export const decimal = (number: number): string => formatDecimal(german.locale, number);
