/** What sending the goods costs: the methods of the zone that names the place most exactly. */
import { refusal } from '@souk/contracts';
import { fitOf, type Place } from './places.ts';
import type { PricingRules, ShippingMethodRule, ShippingStep, ShippingZoneRule } from './pricing-rules.ts';

export interface Cargo {
  /** Of the goods after discounts. */
  subtotal: number;
  weight_g: number;
  currency: string;
}

export interface ShippingOption {
  method: ShippingMethodRule;
  amount: number;
}

/** All ways in which it can be sent, the cheapest first; none where no zone fits. */
export function shippingOptions(rules: PricingRules, place: Place, cargo: Cargo): ShippingOption[] {
  const zone = zoneOf(rules.zones, place);
  const methods = (zone && rules.methods.get(zone.id)) ?? [];
  return methods
    .filter(({ currency }) => currency === cargo.currency)
    .map((method) => ({ method, amount: costOf(method, cargo) }))
    .sort(cheapestFirst);
}

/** The way that was asked for, else the cheapest; throws `shipping_unavailable`. */
export function chosenOption(options: readonly ShippingOption[], wanted: string | undefined): ShippingOption {
  const chosen = wanted === undefined ? options[0] : options.find(({ method }) => method.code === wanted);
  if (chosen) return chosen;
  const shipping_methods = options.map(({ method }) => method.code);
  if (options.length === 0)
    throw refusal('shipping_unavailable', 'The shop does not send to this address.', { shipping_methods, pointer: '/shipping_address' });
  throw refusal('shipping_unavailable', `The shop does not send by ${wanted} to this address.`, {
    shipping_methods,
    pointer: '/shipping_method',
  });
}

function zoneOf(zones: readonly ShippingZoneRule[], place: Place): ShippingZoneRule | undefined {
  let best: { zone: ShippingZoneRule; fit: number } | undefined;
  for (const zone of zones) {
    const fit = fitOfZone(zone, place);
    if (fit !== undefined && fit > (best?.fit ?? -1)) best = { zone, fit };
  }
  return best?.zone;
}

/** Of two zones that fit equally the one with the smaller id counts: they are in order of id. */
function fitOfZone({ countries, regions, postal_prefixes }: ShippingZoneRule, place: Place): number | undefined {
  if (countries.length === 0) return 0;
  if (!countries.includes(place.country)) return undefined;
  const fits = orAny(regions).flatMap((region) => orAny(postal_prefixes).flatMap((prefix) => fitOf(place, region, prefix) ?? []));
  return fits.length === 0 ? undefined : 1 + Math.max(...fits);
}

function orAny(names: readonly string[]): readonly (string | null)[] {
  return names.length === 0 ? [null] : names;
}

function costOf({ kind, steps, free_from }: ShippingMethodRule, { subtotal, weight_g }: Cargo): number {
  if (free_from !== null && subtotal >= free_from) return 0;
  const measure = { flat: 0, by_subtotal: subtotal, by_weight: weight_g }[kind];
  return stepAt(steps, measure);
}

/** Steps begin at 0 and rise. */
function stepAt(steps: readonly ShippingStep[], measure: number): number {
  return steps.findLast(({ from }) => from <= measure)?.amount ?? 0;
}

function cheapestFirst(one: ShippingOption, other: ShippingOption): number {
  return one.amount - other.amount || one.method.position - other.method.position || (one.method.code < other.method.code ? -1 : 1);
}
