/** The countries that addresses may name. */

/** Regions of CLDR that are no countries, or are part of one. */
const noCountries: ReadonlySet<string> = new Set(['AC', 'CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'QO', 'TA', 'UN', 'XA', 'XB', 'ZZ']);
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** ISO 3166 codes of today in their order; a code of the past is left out for its successor. It takes some milliseconds: keep the answer. */
export function countryCodes(): string[] {
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const all = letters.flatMap((first) => letters.map((second) => `${first}${second}`));
  return all.filter(
    (code) => !noCountries.has(code) && Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}` && names.of(code) !== undefined,
  );
}
