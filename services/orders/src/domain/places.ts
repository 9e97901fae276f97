/** Where an order goes, as the rules name it. An address that leaves the tax open is refused, never taxed by guess. */
import { refusal } from '@souk/contracts';
import { nameKey, postalKey, regionCode } from './countries.ts';
import type { PricingRules } from './pricing-rules.ts';

export interface Place {
  country: string;
  region: string | undefined;
  postal: string | undefined;
}

export interface Destination {
  country: string;
  state?: string | undefined;
  postal_code?: string | undefined;
}

/** Throws `country_unknown`, and `address_incomplete` where state or postal code decide and are not there. */
export function placeOf({ country: named, state = '', postal_code = '' }: Destination, rules: PricingRules): Place {
  const { country_codes, regional, postal: by_postal_code } = rules;
  // Most say a code or a name exactly as it is known.
  const country = country_codes.get(named) ?? country_codes.get(nameKey(named));
  if (country === undefined) {
    const errors = [{ pointer: '/shipping_address/country', detail: 'it is neither an ISO 3166 code nor the name of a country' }];
    throw refusal('country_unknown', 'The country of the address is not known.', { errors });
  }
  const region = regional.has(country) ? regionCode(country, state) : undefined;
  const postal = by_postal_code.has(country) ? postalKey(postal_code) || undefined : undefined;
  if (region === undefined && regional.has(country)) throw incomplete('state', country);
  if (postal === undefined && by_postal_code.has(country)) throw incomplete('postal_code', country);
  return { country, region, postal };
}

function incomplete(member: 'state' | 'postal_code', country: string) {
  const detail = member === 'state' ? 'it must be a state or province by name or code' : 'it must be there';
  const errors = [{ pointer: `/shipping_address/${member}`, detail }];
  return refusal('address_incomplete', `In ${country} tax or shipping depends on ${member}.`, { errors });
}

/** How exactly a rule names the place, the larger the more exactly; undefined where it does not. */
export function fitOf(place: Place, region: string | null, postal_prefix: string | null): number | undefined {
  if (region !== null && region !== place.region) return undefined;
  if (postal_prefix !== null && !place.postal?.startsWith(postal_prefix)) return undefined;
  return (region === null ? 0 : 1) + 2 * (postal_prefix?.length ?? 0);
}
