/** Countries and states as people write them, mapped to their ISO codes; what is not certain is not mapped. */
import { countryCodes as codesOfToday } from '@souk/kernel';
import { regionNames } from './region-names.ts';

/** Languages in which the name of a country is understood. */
const languages = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'pl', 'ja'] as const;
/** Common forms that are no name in any of the languages. */
const otherNames: Readonly<Record<string, string>> = {
  uk: 'GB',
  'u.k.': 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  usa: 'US',
  'u.s.a.': 'US',
  'u.s.': 'US',
  'united states of america': 'US',
  holland: 'NL',
  'czech republic': 'CZ',
};

/** ISO 3166 codes by code and by name, as they are and in the form of `nameKey`. It takes some milliseconds: made once, and kept. */
export function countryCodes(): Map<string, string> {
  const names = languages.map((language) => new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }));
  const codes = new Map<string, string>(Object.entries(otherNames));
  for (const code of codesOfToday()) {
    for (const name of [code, ...names.flatMap((one) => one.of(code) ?? [])]) codes.set(name, code).set(nameKey(name), code);
  }
  return codes;
}

/** The form in which names are compared: without case, accents and doubled blanks. */
export function nameKey(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

/** A state or province as rules name it: its code in countries whose codes are known, else the text in the form of codes. */
export function regionCode(country: string, state: string): string | undefined {
  const names = regionNames[country];
  const given = nameKey(state);
  if (names === undefined) return given === '' ? undefined : given.toUpperCase();
  const found = Object.entries(names).find(([code, name]) => code.toLowerCase() === given || nameKey(name) === given);
  return found?.[0];
}

/** A postal code in the form in which prefixes are compared. */
export function postalKey(postal_code: string): string {
  return postal_code.replaceAll(/[\s-]/g, '').toUpperCase();
}
