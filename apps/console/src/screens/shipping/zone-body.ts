/** A zone as it is typed, sent and compared. */
import type { BodyOf, createShippingZone, ShippingZone } from '@souk/contracts';
import type { TypedReader } from '../../live/typed.ts';

export type ZoneBody = BodyOf<typeof createShippingZone>;

export interface ZoneTexts extends Readonly<Record<'name' | 'countries' | 'regions' | 'postal_prefixes', string>> {}

const between = ', ';
const lists = ['countries', 'regions', 'postal_prefixes'] as const;

export function zoneTexts(zone: ShippingZone | undefined): ZoneTexts {
  const { name = '', countries = [], regions = [], postal_prefixes = [] } = zone ?? {};
  return { name, countries: countries.join(between), regions: regions.join(between), postal_prefixes: postal_prefixes.join(between) };
}

export function zoneBody(form: TypedReader<keyof ZoneTexts>): ZoneBody {
  return {
    name: form.text('name'),
    countries: form.codes('countries'),
    regions: form.codes('regions'),
    postal_prefixes: form.codes('postal_prefixes'),
  };
}

/** Whether the zone says what was sent; the shop keeps of each code one. */
export function isZoneAsSent(zone: ShippingZone, body: ZoneBody): boolean {
  return zone.name === body.name && lists.every((list) => zone[list].join() === [...new Set(body[list])].join());
}
