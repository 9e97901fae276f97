import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import {
  CountryCode,
  GivenTimestamp,
  Nullable,
  PostalPrefix,
  RatePercent,
  RegionCode,
  TaxClass,
  TaxName,
  TaxRateId,
  Version,
} from '../fields.ts';
import { paging } from './paging.ts';

const Included = Type.Boolean({ description: 'Prices hold the tax; else it is added to them.' });

/** A country where the shop charges tax. */
export const TaxCountry = Type.Object({ country: CountryCode, included: Included, version: Version }, { title: 'TaxCountry' });
export type TaxCountry = Static<typeof TaxCountry>;

const rate = {
  country: CountryCode,
  region: Nullable(RegionCode),
  postal_prefix: Nullable(PostalPrefix),
  tax_class: TaxClass,
  name: TaxName,
  rate_percent: RatePercent,
  valid_from: Nullable(GivenTimestamp),
  valid_until: Nullable({ ...GivenTimestamp, description: 'From this instant on it is not valid any more.' }),
};
export const TaxRate = Type.Object({ id: TaxRateId, ...rate, version: Version }, { title: 'TaxRate' });
export type TaxRate = Static<typeof TaxRate>;

export const WriteTaxRate = Type.Object(
  {
    ...Type.Partial(Type.Object(rate)).properties,
    country: CountryCode,
    name: TaxName,
    rate_percent: RatePercent,
  },
  { additionalProperties: false, title: 'WriteTaxRate' },
);
export type WriteTaxRate = Static<typeof WriteTaxRate>;

export const TaxRatesReport = Type.Object(
  {
    rows: Type.Integer({ minimum: 0 }),
    imported: Type.Integer({ minimum: 0, description: 'All rows, or none where one is refused.' }),
    unchanged: Type.Integer({ minimum: 0, description: 'Rows that were there already.' }),
    refusals: Type.Array(Type.Object({ line: Type.Integer(), reason: Type.String() }), { description: 'The first 100 refused rows.' }),
  },
  { title: 'TaxRatesReport' },
);
export type TaxRatesReport = Static<typeof TaxRatesReport>;

const staff = { service: 'orders', access: 'staff' } as const;
const byCountry = Type.Object({ country: CountryCode });
const byRate = Type.Object({ rate_id: TaxRateId });

export const listTaxCountries = defineRoute({
  method: 'GET',
  path: '/api/tax-countries',
  ...staff,
  summary: 'Countries where the shop charges tax',
  limit: 'read',
  responses: { 200: Type.Array(TaxCountry) },
});
export const putTaxCountry = defineRoute({
  method: 'PUT',
  path: '/api/tax-countries/{country}',
  ...staff,
  summary: 'Say whether prices include the tax of a country',
  limit: 'write',
  params: byCountry,
  body: Type.Object({ included: Included }, { additionalProperties: false }),
  etag: true,
  responses: { 200: TaxCountry },
  errors: ['country_unknown', 'precondition_failed'],
});
export const deleteTaxCountry = defineRoute({
  method: 'DELETE',
  path: '/api/tax-countries/{country}',
  ...staff,
  summary: 'Charge no tax in a country any more; its rates stay',
  limit: 'write',
  params: byCountry,
  responses: { 204: null },
  errors: ['precondition_failed'],
});
export const listTaxRates = defineRoute({
  method: 'GET',
  path: '/api/tax-rates',
  ...staff,
  summary: 'Rates of tax',
  limit: 'read',
  query: Type.Object({ ...paging, country: Type.Optional(CountryCode) }, { additionalProperties: false }),
  responses: { 200: Type.Array(TaxRate) },
  errors: ['cursor_invalid'],
});
export const createTaxRate = defineRoute({
  method: 'POST',
  path: '/api/tax-rates',
  ...staff,
  summary: 'Add a rate of tax',
  limit: 'write',
  body: WriteTaxRate,
  etag: true,
  responses: { 201: TaxRate },
  errors: ['country_unknown', 'tax_rate_overlaps', 'too_many_rules'],
});
export const replaceTaxRate = defineRoute({
  method: 'PUT',
  path: '/api/tax-rates/{rate_id}',
  ...staff,
  summary: 'Replace a rate of tax; orders placed before keep theirs',
  limit: 'write',
  params: byRate,
  body: WriteTaxRate,
  etag: true,
  responses: { 200: TaxRate },
  errors: ['country_unknown', 'tax_rate_overlaps', 'precondition_failed'],
});
export const deleteTaxRate = defineRoute({
  method: 'DELETE',
  path: '/api/tax-rates/{rate_id}',
  ...staff,
  summary: 'Delete a rate of tax; orders placed before keep theirs',
  limit: 'write',
  params: byRate,
  responses: { 204: null },
  errors: ['precondition_failed'],
});
/** All or nothing: where a row is refused no row is stored. */
export const importTaxRates = defineRoute({
  method: 'POST',
  path: '/api/tax-rates/import',
  ...staff,
  summary: 'Import rates of tax from a CSV file, all of them or none',
  limit: 'write',
  body_type: 'text/csv',
  responses: { 200: TaxRatesReport },
  errors: ['csv_invalid', 'too_many_rules'],
});

export const taxRoutes = [
  listTaxCountries,
  putTaxCountry,
  deleteTaxCountry,
  listTaxRates,
  importTaxRates,
  createTaxRate,
  replaceTaxRate,
  deleteTaxRate,
] as const;
