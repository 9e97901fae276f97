/** The rules of a shop as they are stored, and in the form in which orders are priced by them. Amounts are minor units. */
import type { PromotionRule } from './promotion-rules.ts';

/** One part in a million: 9.975 % is 99,750. */
export interface TaxRateRule {
  country: string;
  region: string | null;
  postal_prefix: string | null;
  tax_class: string;
  name: string;
  rate_ppm: number;
  /** Epoch milliseconds; null without a bound. The end is not part of the time. */
  valid_from_ms: number | null;
  valid_until_ms: number | null;
}

/** Where methods of shipping are offered; without countries everywhere. */
export interface ShippingZoneRule {
  id: string;
  countries: string[];
  regions: string[];
  postal_prefixes: string[];
}

export type ShippingKind = 'flat' | 'by_subtotal' | 'by_weight';

/** From so much on (minor units or grams) it costs so much. */
export interface ShippingStep {
  from: number;
  amount: number;
}

export interface ShippingMethodRule {
  code: string;
  zone_id: string;
  name: string;
  kind: ShippingKind;
  currency: string;
  steps: ShippingStep[];
  free_from: number | null;
  days_min: number;
  days_max: number;
  tax_class: string | null;
  position: number;
}

/** What of the rules counts for prices; methods that are not offered and promotions that are not active are not among them. */
export interface StoredRules {
  version: number;
  countries: { country: string; included: boolean }[];
  rates: TaxRateRule[];
  zones: ShippingZoneRule[];
  methods: ShippingMethodRule[];
  promotions: PromotionRule[];
}

export interface CountryTax {
  /** Whether prices hold the tax; else it is added to them. */
  included: boolean;
  rates: readonly TaxRateRule[];
}

/** The rules by what is looked up while an order is priced. */
export interface PricingRules {
  version: number;
  /** A shop that configures neither tax nor shipping: addresses may say anything. */
  isEmpty: boolean;
  country_codes: ReadonlyMap<string, string>;
  tax: ReadonlyMap<string, CountryTax>;
  zones: readonly ShippingZoneRule[];
  methods: ReadonlyMap<string, readonly ShippingMethodRule[]>;
  /** Countries where the state, or the postal code, decides. */
  regional: ReadonlySet<string>;
  postal: ReadonlySet<string>;
  promotions: ReadonlyMap<string, PromotionRule>;
  /** Those of them that apply without a code. */
  automatic: readonly PromotionRule[];
}

/** Puts the rules into the form that prices are made by; once for each version of them. */
export function compileRules(
  { version, countries, rates, zones, methods, promotions }: StoredRules,
  country_codes: ReadonlyMap<string, string>,
): PricingRules {
  const ratesOf = Map.groupBy(rates, ({ country }) => country);
  const methodsOf = Map.groupBy(methods, ({ zone_id }) => zone_id);
  const concerned = (isConcerned: (one: TaxRateRule) => boolean, bound: (zone: ShippingZoneRule) => readonly string[]) =>
    new Set([
      ...rates.filter(isConcerned).map(({ country }) => country),
      ...zones.filter((zone) => bound(zone).length > 0).flatMap((zone) => zone.countries),
    ]);
  return {
    version,
    isEmpty: countries.length === 0 && zones.length === 0,
    country_codes,
    tax: new Map(countries.map(({ country, included }) => [country, { included, rates: ratesOf.get(country) ?? [] }])),
    zones,
    methods: methodsOf,
    regional: concerned(
      ({ region }) => region !== null,
      ({ regions }) => regions,
    ),
    postal: concerned(
      ({ postal_prefix }) => postal_prefix !== null,
      ({ postal_prefixes }) => postal_prefixes,
    ),
    promotions: new Map(promotions.map((promotion) => [promotion.id, promotion])),
    automatic: promotions.filter(({ automatic }) => automatic),
  };
}
