import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import {
  Amount,
  CountryCode,
  Currency,
  Nullable,
  PostalPrefix,
  RegionCode,
  ShippingMethodCode,
  ShippingMethodId,
  ShippingZoneId,
  TaxClass,
  Version,
} from '../fields.ts';
import { paging } from './paging.ts';

const Name = Type.String({ minLength: 1, maxLength: 100, pattern: '^[^\\u0000-\\u001f\\u007f]*$', description: 'What it is called.' });
const countries = Type.Array(CountryCode, { maxItems: 250, description: 'None: everywhere.' });
const regions = Type.Array(RegionCode, { maxItems: 100, description: 'None: all of its countries.' });
const postal_prefixes = Type.Array(PostalPrefix, { maxItems: 500, description: 'None: all postal codes.' });

export const ShippingZone = Type.Object(
  { id: ShippingZoneId, name: Name, countries, regions, postal_prefixes, version: Version },
  { title: 'ShippingZone' },
);
export type ShippingZone = Static<typeof ShippingZone>;

export const WriteShippingZone = Type.Object(
  { name: Name, countries, regions: Type.Optional(regions), postal_prefixes: Type.Optional(postal_prefixes) },
  { additionalProperties: false, title: 'WriteShippingZone' },
);
export type WriteShippingZone = Static<typeof WriteShippingZone>;

const days = Type.Integer({ minimum: 0, maximum: 365, description: 'Days until it arrives.' });
const method = {
  zone_id: ShippingZoneId,
  code: ShippingMethodCode,
  name: Name,
  kind: Type.Union([Type.Literal('flat'), Type.Literal('by_subtotal'), Type.Literal('by_weight')], {
    description: 'What its cost depends on: nothing, the value of the goods after discounts, or their weight.',
  }),
  currency: Currency,
  steps: Type.Array(
    Type.Object(
      {
        from: Type.Number({ minimum: 0, maximum: 1_000_000_000_000, description: 'An amount, or grams where kind is by_weight.' }),
        amount: Amount,
      },
      { additionalProperties: false },
    ),
    { minItems: 1, maxItems: 50, description: 'The first from 0, then rising; flat has one.' },
  ),
  free_from: Nullable({ ...Amount, description: 'Goods of this value after discounts are sent for nothing.' }),
  days_min: days,
  days_max: days,
  tax_class: Nullable({ ...TaxClass, description: 'What the shipping is taxed as; null: like the goods.' }),
  active: Type.Boolean({ description: 'Whether it is offered.' }),
  position: Type.Integer({ minimum: 0, maximum: 1_000, description: 'Order among methods of the same cost.' }),
};
export const ShippingMethod = Type.Object({ id: ShippingMethodId, ...method, version: Version }, { title: 'ShippingMethod' });
export type ShippingMethod = Static<typeof ShippingMethod>;

export const WriteShippingMethod = Type.Object(
  {
    ...method,
    free_from: Type.Optional(method.free_from),
    tax_class: Type.Optional(method.tax_class),
    active: Type.Optional(method.active),
    position: Type.Optional(method.position),
  },
  { additionalProperties: false, title: 'WriteShippingMethod' },
);
export type WriteShippingMethod = Static<typeof WriteShippingMethod>;

const staff = { service: 'orders', access: 'staff' } as const;
const byZone = Type.Object({ zone_id: ShippingZoneId });
const byMethod = Type.Object({ method_id: ShippingMethodId });

export const listShippingZones = defineRoute({
  method: 'GET',
  path: '/api/shipping-zones',
  ...staff,
  summary: 'Shipping zones',
  limit: 'read',
  query: Type.Object(paging, { additionalProperties: false }),
  responses: { 200: Type.Array(ShippingZone) },
  errors: ['cursor_invalid'],
});
export const createShippingZone = defineRoute({
  method: 'POST',
  path: '/api/shipping-zones',
  ...staff,
  summary: 'Add a shipping zone; from the first on the shop sends to zones only',
  limit: 'write',
  body: WriteShippingZone,
  etag: true,
  responses: { 201: ShippingZone },
  errors: ['country_unknown', 'too_many_rules'],
});
export const replaceShippingZone = defineRoute({
  method: 'PUT',
  path: '/api/shipping-zones/{zone_id}',
  ...staff,
  summary: 'Replace a shipping zone',
  limit: 'write',
  params: byZone,
  body: WriteShippingZone,
  etag: true,
  responses: { 200: ShippingZone },
  errors: ['country_unknown', 'precondition_failed'],
});
export const deleteShippingZone = defineRoute({
  method: 'DELETE',
  path: '/api/shipping-zones/{zone_id}',
  ...staff,
  summary: 'Delete a shipping zone without methods',
  limit: 'write',
  params: byZone,
  responses: { 204: null },
  errors: ['shipping_zone_in_use', 'precondition_failed'],
});
export const listShippingMethods = defineRoute({
  method: 'GET',
  path: '/api/shipping-methods',
  ...staff,
  summary: 'Methods of shipping',
  limit: 'read',
  query: Type.Object({ ...paging, zone_id: Type.Optional(ShippingZoneId) }, { additionalProperties: false }),
  responses: { 200: Type.Array(ShippingMethod) },
  errors: ['cursor_invalid'],
});
export const createShippingMethod = defineRoute({
  method: 'POST',
  path: '/api/shipping-methods',
  ...staff,
  summary: 'Add a method of shipping to a zone',
  limit: 'write',
  body: WriteShippingMethod,
  etag: true,
  responses: { 201: ShippingMethod },
  errors: ['shipping_zone_unknown', 'shipping_method_exists', 'amount_invalid', 'currency_unknown', 'too_many_rules'],
});
export const replaceShippingMethod = defineRoute({
  method: 'PUT',
  path: '/api/shipping-methods/{method_id}',
  ...staff,
  summary: 'Replace a method of shipping; orders placed before keep theirs',
  limit: 'write',
  params: byMethod,
  body: WriteShippingMethod,
  etag: true,
  responses: { 200: ShippingMethod },
  errors: ['shipping_zone_unknown', 'shipping_method_exists', 'amount_invalid', 'currency_unknown', 'precondition_failed'],
});
export const deleteShippingMethod = defineRoute({
  method: 'DELETE',
  path: '/api/shipping-methods/{method_id}',
  ...staff,
  summary: 'Delete a method of shipping; orders placed before keep theirs',
  limit: 'write',
  params: byMethod,
  responses: { 204: null },
  errors: ['precondition_failed'],
});

export const shippingRoutes = [
  listShippingZones,
  createShippingZone,
  replaceShippingZone,
  deleteShippingZone,
  listShippingMethods,
  createShippingMethod,
  replaceShippingMethod,
  deleteShippingMethod,
] as const;
