import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { Amount, Category, Currency, GroupId, Sku } from '../fields.ts';
import { queryWithMatches } from './match-filters.ts';

const count = Type.Integer({ minimum: 0, description: 'How many of the products.' });

/** Which products: of lists and of their facets. */
export const productFilters = {
  sku: Type.Optional(Sku),
  category: Type.Optional({ ...Category, description: 'Name or handle of a category; what is below it counts as well.' }),
  min_price: Type.Optional(Amount),
  max_price: Type.Optional(Amount),
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Full text, tolerant of typos.' })),
  in_stock: Type.Optional(Type.Boolean()),
  group_id: Type.Optional(GroupId),
};

const { group_id: _one, ...ofGroups } = productFilters;
export const groupFilters = ofGroups;

/** Asks for the header `Total-Count`. */
export const countMember = {
  count: Type.Optional(
    Type.Union([Type.Literal('1'), Type.Literal('true')], {
      description: 'Total-Count says how many there are; beyond 1,000 it may say 1000+.',
    }),
  ),
};

export const ListSort = Type.Union([
  Type.Literal('name'),
  Type.Literal('price'),
  Type.Literal('-price'),
  Type.Literal('newest'),
  Type.Literal('relevance'),
]);

/** What the products of a list have in common, with the numbers of products. */
export const Facets = Type.Object(
  {
    product_count: count,
    approximate: Type.Boolean({ description: 'There are more products than were counted.' }),
    categories: Type.Array(Type.Object({ name: Type.String(), product_count: count })),
    currency: Currency,
    prices: Type.Array(
      Type.Object(
        { min_price: Amount, max_price: Amount, product_count: count },
        { description: 'Both bounds as the filters of these names.' },
      ),
    ),
    options: Type.Array(
      Type.Object({ name: Type.String(), values: Type.Array(Type.Object({ value: Type.String(), product_count: count })) }),
    ),
  },
  { title: 'Facets' },
);
export type Facets = Static<typeof Facets>;

export const countFacets = defineRoute({
  method: 'GET',
  path: '/api/products/facets',
  service: 'products',
  summary: 'Categories, price bands and options of what a list with these filters has, counted',
  access: 'public',
  scope: 'products:read',
  limit: 'read',
  cache: 'public',
  query: queryWithMatches(productFilters),
  responses: { 200: Facets },
  errors: ['amount_invalid'],
});
