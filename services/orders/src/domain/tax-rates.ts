/** A rate of tax as staff or a file say it: checked, and in the form in which it is stored. */
import { refusal, type TaxRate, type WriteTaxRate } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import { regionCode } from './countries.ts';

/** A rate as it is stored, without its id and version. */
export interface TaxRateContent {
  country: string;
  region: string | null;
  postal_prefix: string | null;
  tax_class: string;
  name: string;
  rate_ppm: number;
  valid_from: string | null;
  valid_until: string | null;
}

export interface TaxRateRow extends TaxRateContent {
  id: string;
  version: number;
}

export const onePercentPpm = 10_000;
const dateLength = '2026-11-30'.length;
const earliest = Date.UTC(1900, 0, 1);

/** Throws `country_unknown`, and `validation_failed` with the member that is wrong. */
export function taxRateContent(given: WriteTaxRate, country_codes: ReadonlyMap<string, string>): TaxRateContent {
  const { country, region = null, postal_prefix = null, tax_class = 'standard', name, rate_percent } = given;
  checkCountry(country, country_codes);
  if (region !== null && regionCode(country, region) !== region)
    throw invalid('region', `is not the code of a state or province of ${country}`);
  const valid_from = instantOf(given.valid_from ?? null, 'valid_from');
  const valid_until = instantOf(given.valid_until ?? null, 'valid_until');
  if (valid_from !== null && valid_until !== null && valid_from >= valid_until) throw invalid('valid_until', 'must be after valid_from');
  return { country, region, postal_prefix, tax_class, name, rate_ppm: ppmOf(rate_percent, 'rate_percent'), valid_from, valid_until };
}

/** Throws `country_unknown` for two letters that are no country's. */
export function checkCountry(country: string, country_codes: ReadonlyMap<string, string>): void {
  if (country_codes.get(country.toLowerCase()) === country) return;
  throw refusal('country_unknown', `${country} is not the code of a country.`, {
    errors: [{ pointer: '/country', detail: 'is not the ISO 3166 code of a country' }],
  });
}

/** Parts in a million of a percentage, read as the shortest decimal that denotes the number, so exactly. */
export function ppmOf(percent: number, member: string): number {
  const match = /^(\d+)(?:\.(\d{1,4}))?$/.exec(String(percent));
  if (!match) throw invalid(member, 'must have at most four decimals');
  return Number(match[1]) * onePercentPpm + Number((match[2] ?? '').padEnd(4, '0'));
}

/** Throws `validation_failed`. */
export function instantOf(text: string | null, member: string): string | null {
  if (text === null) return null;
  const at_ms = Date.parse(text);
  const instant = at_ms >= earliest ? timestamp(at_ms) : '';
  // 31 February is read as a day of March.
  if (instant.slice(0, dateLength) !== text.slice(0, dateLength)) throw invalid(member, 'must be an instant since the year 1900');
  return instant;
}

/** The refusal of a member of a rule. */
export function invalid(member: string, detail: string) {
  return refusal('validation_failed', `${member} ${detail}.`, { errors: [{ pointer: `/${member}`, detail }] });
}

export function taxRateResource({ rate_ppm, id, version, ...row }: TaxRateRow): TaxRate {
  const { country, region, postal_prefix, tax_class, name, valid_from, valid_until } = row;
  const rate_percent = rate_ppm / onePercentPpm;
  return { id, country, region, postal_prefix, tax_class, name, rate_percent, valid_from, valid_until, version };
}

/** The same place, class and name: two rates of these must not be valid at the same time. */
function placeKey({ country, region, postal_prefix, tax_class, name }: TaxRateContent): string {
  return JSON.stringify([country, region, postal_prefix, tax_class, name]);
}

/** Finds among the rates the first that is valid at the same place and time, and takes more of them. */
export function overlapFinder(rates: readonly TaxRateContent[]) {
  const known = Map.groupBy(rates, placeKey);
  return {
    find(rate: TaxRateContent): TaxRateContent | undefined {
      return known
        .get(placeKey(rate))
        ?.find((other) => isBefore(other.valid_from, rate.valid_until) && isBefore(rate.valid_from, other.valid_until));
    },
    add(rate: TaxRateContent): void {
      const others = known.get(placeKey(rate));
      if (others) others.push(rate);
      else known.set(placeKey(rate), [rate]);
    },
  };
}

/** Whether a beginning lies before an end; without a bound it does. */
function isBefore(valid_from: string | null, valid_until: string | null): boolean {
  return valid_from === null || valid_until === null || valid_from < valid_until;
}

/** Whether both say the same. */
export function isSameRate(one: TaxRateContent, other: TaxRateContent): boolean {
  const { rate_ppm, valid_from, valid_until } = one;
  return (
    placeKey(one) === placeKey(other) && rate_ppm === other.rate_ppm && valid_from === other.valid_from && valid_until === other.valid_until
  );
}
