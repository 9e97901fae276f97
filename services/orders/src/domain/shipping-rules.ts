/** Zones and methods of shipping as staff say them: checked, and in the form in which they are stored. */
import { refusal, type ShippingMethod, type ShippingZone, type WriteShippingMethod, type WriteShippingZone } from '@souk/contracts';
import { toMajor, toMinor } from '@souk/kernel';
import { regionCode } from './countries.ts';
import type { ShippingMethodRule, ShippingStep } from './pricing-rules.ts';
import { checkCountry } from './tax-rates.ts';

export type ShippingZoneContent = Omit<ShippingZone, 'id' | 'version'>;
export type ShippingMethodContent = ShippingMethodRule & { active: boolean };
export type ShippingMethodRow = ShippingMethodContent & { id: string; version: number };

/** Throws `country_unknown`, and `validation_failed` with the member that is wrong. */
export function zoneContent(given: WriteShippingZone, country_codes: ReadonlyMap<string, string>): ShippingZoneContent {
  const { name, countries, regions = [], postal_prefixes = [] } = given;
  for (const country of countries) checkCountry(country, country_codes);
  if (countries.length === 0 && (regions.length > 0 || postal_prefixes.length > 0))
    throw invalid('countries', 'must name the countries of the regions and postal codes');
  const strange = regions.find((region) => !countries.some((country) => regionCode(country, region) === region));
  if (strange !== undefined) throw invalid('regions', `has ${strange}, which is in none of the countries`);
  return { name, countries: [...new Set(countries)], regions: [...new Set(regions)], postal_prefixes: [...new Set(postal_prefixes)] };
}

/** Throws `amount_invalid`, `currency_unknown`, and `validation_failed` with the member that is wrong. */
export function methodContent(given: WriteShippingMethod): ShippingMethodContent {
  const { zone_id, code, name, kind, currency, days_min, days_max, tax_class = null, active = true, position = 0 } = given;
  if (days_min > days_max) throw invalid('days_max', 'must not be less than days_min');
  const steps = given.steps.map(
    ({ from, amount }, index): ShippingStep => ({
      from: kind === 'by_weight' ? from : toMinor(from, currency, `/steps/${index}/from`),
      amount: toMinor(amount, currency, `/steps/${index}/amount`),
    }),
  );
  checkSteps(steps, kind);
  const free_from = given.free_from == null ? null : toMinor(given.free_from, currency, '/free_from');
  return { zone_id, code, name, kind, currency, steps, free_from, days_min, days_max, tax_class, active, position };
}

function checkSteps(steps: readonly ShippingStep[], kind: ShippingMethodRule['kind']): void {
  if (kind === 'flat' && steps.length > 1) throw invalid('steps', 'has one step where kind is flat');
  if (!steps.every(({ from }) => Number.isSafeInteger(from))) throw invalid('steps', 'must begin at whole grams');
  const rises = steps.every(({ from }, index) => (index === 0 ? from === 0 : from > (steps[index - 1] as ShippingStep).from));
  if (!rises) throw invalid('steps', 'must begin at 0 and rise');
}

function invalid(member: string, detail: string) {
  return refusal('validation_failed', `${member} ${detail}.`, { errors: [{ pointer: `/${member}`, detail }] });
}

export function methodResource({ currency, kind, steps, free_from, ...row }: ShippingMethodRow): ShippingMethod {
  const { id, zone_id, code, name, days_min, days_max, tax_class, active, position, version } = row;
  const shown = steps.map(({ from, amount }) => ({
    from: kind === 'by_weight' ? from : toMajor(from, currency),
    amount: toMajor(amount, currency),
  }));
  const free = free_from === null ? null : toMajor(free_from, currency);
  const prices = { kind, currency, steps: shown, free_from: free };
  return { id, zone_id, code, name, ...prices, days_min, days_max, tax_class, active, position, version };
}
