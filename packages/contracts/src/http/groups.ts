/** Groups: what customers see as one thing, with its variants. A product without `group_id` is a group by itself, under its own id. */
import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { Amount, Category, Currency, Description, GroupHandle, GroupId, ImageUrl, Nullable, ProductName } from '../fields.ts';
import { countMember, groupFilters, ListSort } from './facets.ts';
import { countGroupFacets } from './group-facets.ts';
import { queryWithMatches } from './match-filters.ts';
import { paging } from './paging.ts';
import { ProductImage } from './product-image.ts';
import { Product } from './products.ts';

const count = (description: string) => Type.Integer({ minimum: 0, description });
const members = {
  id: GroupId,
  handle: GroupHandle,
  title: ProductName,
  description: Description,
  category: Nullable(Category),
  image_url: Nullable(ImageUrl),
  image: Nullable(ProductImage),
  min_price: { ...Amount, description: 'The lowest price of its variants in this currency.' },
  max_price: { ...Amount, description: 'The highest price of its variants in this currency.' },
  currency: Currency,
  variant_count: count('How many variants are sold.'),
  available_count: count('How many of them are in stock.'),
};

export const Group = Type.Object(members, { title: 'Group' });
export type Group = Static<typeof Group>;

export const GroupDetail = Type.Object(
  {
    ...members,
    options: Type.Array(
      Type.Object({ name: Type.String(), values: Type.Array(Type.Object({ value: Type.String(), available: Type.Boolean() })) }),
      { description: 'What there is to choose from, and whether a variant with it is in stock.' },
    ),
    variants: Type.Array(Product, { maxItems: 100, description: 'In order of creation; further ones are on the next page.' }),
  },
  { title: 'GroupDetail' },
);
export type GroupDetail = Static<typeof GroupDetail>;

export const listGroups = defineRoute({
  method: 'GET',
  path: '/api/groups',
  service: 'products',
  summary: 'The catalogue by groups: each thing once, whatever its variants',
  access: 'public',
  scope: 'products:read',
  limit: 'read',
  cache: 'public',
  query: queryWithMatches({ ...paging, ...groupFilters, ...countMember, sort: Type.Optional(ListSort) }),
  responses: { 200: Type.Array(Group) },
  errors: ['cursor_invalid', 'amount_invalid'],
});
export const getGroup = defineRoute({
  method: 'GET',
  path: '/api/groups/{handle}',
  service: 'products',
  summary: 'One group with its options and variants; an old handle leads to the present one',
  access: 'public',
  scope: 'products:read',
  limit: 'read',
  params: Type.Object({ handle: GroupHandle }),
  query: Type.Object({ limit: paging.limit, cursor: paging.cursor }, { additionalProperties: false }),
  location: true,
  responses: { 200: GroupDetail, 308: null },
  errors: ['cursor_invalid'],
});
export const renameGroup = defineRoute({
  method: 'PUT',
  path: '/api/groups/{handle}/handle',
  service: 'products',
  summary: 'Give a group another handle; the old one leads there from now on',
  access: 'staff',
  scope: 'products:write',
  limit: 'write',
  params: Type.Object({ handle: GroupHandle }),
  body: Type.Object({ handle: GroupHandle }, { additionalProperties: false, title: 'RenameGroup' }),
  responses: { 200: Group },
  errors: ['handle_taken'],
});

export const groupRoutes = [listGroups, countGroupFacets, getGroup, renameGroup] as const;
