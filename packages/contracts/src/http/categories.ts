/** Categories as a tree. A product names its category by a label: its name or handle, also those that it had before. */
import Type, { type Static } from 'typebox';
import { attributeKey } from '../attribute-key.ts';
import { defineRoute } from '../define-route.ts';
import { Category, CategoryId, GroupHandle, Nullable, Version } from '../fields.ts';

/** Most levels of the tree, and most names whose values are counted. */
export const categoryDepthMax = 6;
export const facetNamesMax = 12;

const count = (description: string) => Type.Integer({ minimum: 0, description });
const position = Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'Its place among those of the same parent.' });
const handle = { ...GroupHandle, description: 'The name of a category in addresses, unique in the shop.' };

/** A name under which products say something, such as `option.size`. */
export const FacetName = Type.String({
  pattern: `^(?:attribute|option)\\.${attributeKey}$`,
  description: 'attribute. or option. and its name.',
});
const facetNames = Type.Array(FacetName, {
  maxItems: facetNamesMax,
  uniqueItems: true,
  description: 'Whose values are counted in this category; null: those of its parent, else those that most groups have.',
});

export const CategoryResource = Type.Object(
  {
    id: CategoryId,
    handle,
    name: Category,
    parent_id: Nullable({ ...CategoryId, description: 'The category that it is in.' }),
    path: Type.Array(CategoryId, { minItems: 1, maxItems: categoryDepthMax, description: 'From the root to itself.' }),
    position,
    facet_names: Nullable(facetNames),
    version: Version,
    product_count: count('How many products name it.'),
    total_product_count: count('The same with all categories below it.'),
    group_count: count('How many groups it has, with all categories below it.'),
  },
  { title: 'Category' },
);
export type CategoryResource = Static<typeof CategoryResource>;

const writable = {
  name: Category,
  handle: Type.Optional({ ...handle, description: 'Made of the name where none is said.' }),
  parent_id: Type.Optional(Nullable({ ...CategoryId, description: 'Null: at the root.' })),
  position: Type.Optional({ ...position, description: 'Behind the others where none is said.' }),
  facet_names: Type.Optional(Nullable(facetNames)),
};
const byCategory = Type.Object({ category_id: CategoryId });

export const listCategories = defineRoute({
  method: 'GET',
  path: '/api/categories',
  service: 'products',
  summary: 'Categories with the number of their products',
  access: 'public',
  scope: 'products:read',
  limit: 'read',
  cache: 'public',
  query: Type.Object(
    { include_empty: Type.Optional(Type.Boolean({ description: 'Those without a product, also below them, are left out otherwise.' })) },
    { additionalProperties: false },
  ),
  responses: { 200: Type.Array(CategoryResource) },
});
export const getCategory = defineRoute({
  method: 'GET',
  path: '/api/categories/{category_id}',
  service: 'products',
  summary: 'One category',
  access: 'public',
  scope: 'products:read',
  limit: 'read',
  params: byCategory,
  etag: true,
  responses: { 200: CategoryResource },
});
export const createCategory = defineRoute({
  method: 'POST',
  path: '/api/categories',
  service: 'products',
  summary: 'Add a category; those that products name are there by themselves',
  access: 'staff',
  scope: 'products:write',
  limit: 'write',
  body: Type.Object(writable, { additionalProperties: false, title: 'CreateCategory' }),
  etag: true,
  location: true,
  responses: { 201: CategoryResource },
  errors: ['category_taken', 'category_misplaced', 'category_unknown'],
});
export const changeCategory = defineRoute({
  method: 'PATCH',
  path: '/api/categories/{category_id}',
  service: 'products',
  summary: 'Rename, move or order a category; products that name it as before stay in it',
  access: 'staff',
  scope: 'products:write',
  limit: 'write',
  params: byCategory,
  body: Type.Partial(Type.Object(writable), { additionalProperties: false, minProperties: 1, title: 'ChangeCategory' }),
  etag: true,
  responses: { 200: CategoryResource },
  errors: ['category_taken', 'category_misplaced', 'category_unknown', 'precondition_failed'],
});

export const categoryRoutes = [listCategories, getCategory, createCategory, changeCategory] as const;
