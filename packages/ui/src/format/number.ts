/** Counts, and which form of a word goes with them. */
import { kept } from './kept.ts';

const localesMax = 100;
const formatOf = kept(localesMax, (locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }));
const rulesOf = kept(localesMax, (locale) => new Intl.PluralRules(locale));

const decimalsOf = kept(localesMax, (locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 4 }));

/** A number with at most four decimals, such as a rate in percent. */
export function formatDecimal(locale: string, number: number): string {
  return decimalsOf(locale).format(number);
}

/** A whole number with the separators of a language. */
export function formatCount(locale: string, count: number): string {
  return formatOf(locale).format(count);
}

/** The forms a language has of a sentence with a count; what it does not distinguish is `other`. */
export type PluralForms = { readonly [Form in Exclude<Intl.LDMLPluralRule, 'other'>]?: string } & { readonly other: string };

/** The form that goes with this count, with `#` replaced by the count. */
export function formatPlural(locale: string, count: number, forms: PluralForms): string {
  return (forms[rulesOf(locale).select(count)] ?? forms.other).replaceAll('#', formatCount(locale, count));
}
