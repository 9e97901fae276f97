/** Countries as people of a place call them. */
import { countryCodes } from '@souk/kernel';
import { kept } from './kept.ts';

const localesMax = 100;
const codes = countryCodes();
const namesOf = kept(localesMax, (locale) => {
  const names = new Intl.DisplayNames([locale], { type: 'region' });
  const { compare } = new Intl.Collator(locale);
  return codes.map((code) => ({ code, name: names.of(code) ?? code })).sort((one, other) => compare(one.name, other.name));
});

/** A country by its ISO 3166 code and by its name in a language. */
export interface CountryName {
  readonly code: string;
  readonly name: string;
}

/** All countries, in the order of their names in this language. */
export function listCountries(locale: string): readonly CountryName[] {
  return namesOf(locale);
}

/** The name of a country; the text itself for what is no code of one. */
export function formatCountry(locale: string, country: string): string {
  return namesOf(locale).find(({ code }) => code === country)?.name ?? country;
}
