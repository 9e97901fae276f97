import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import {
  Amount,
  Attributes,
  Category,
  Currency,
  Description,
  GroupId,
  ImageUrl,
  Nullable,
  ProductId,
  ProductName,
  ProductStatus,
  Sku,
  StockQuantity,
  TaxClass,
  Timestamp,
  Version,
  WeightG,
} from '../fields.ts';
import { batchOf, batchResults } from './batch.ts';
import { countFacets, countMember, ListSort, productFilters } from './facets.ts';
import { idList } from './id-list.ts';
import { queryWithMatches } from './match-filters.ts';
import { paging } from './paging.ts';
import { exportProducts } from './product-export.ts';
import { imagesMax, ProductImage } from './product-image.ts';
import { suggestProducts } from './suggestions.ts';

export const Product = Type.Object(
  {
    id: ProductId,
    sku: Sku,
    name: ProductName,
    description: Description,
    price: Amount,
    currency: Currency,
    category: Nullable(Category),
    image_url: Nullable(ImageUrl),
    attributes: Attributes,
    group_id: Nullable(GroupId),
    options: Attributes,
    images: Type.Array(ProductImage, {
      maxItems: imagesMax,
      description: 'Pictures that were uploaded, the first of them before the others.',
    }),
    tax_class: Nullable(TaxClass),
    weight_g: Nullable(WeightG),
    stock_quantity: StockQuantity,
    status: ProductStatus,
    version: Version,
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { title: 'Product' },
);
export type Product = Static<typeof Product>;

const writable = {
  sku: Sku,
  name: ProductName,
  description: Type.Optional(Description),
  price: Amount,
  currency: Type.Optional(Currency),
  category: Type.Optional(Nullable(Category)),
  image_url: Type.Optional(Nullable(ImageUrl)),
  attributes: Type.Optional(Attributes),
  group_id: Type.Optional(Nullable(GroupId)),
  options: Type.Optional(Attributes),
  tax_class: Type.Optional(Nullable(TaxClass)),
  weight_g: Type.Optional(Nullable(WeightG)),
};
export const CreateProduct = Type.Object(
  { ...writable, sku: Type.Optional(Sku), stock_quantity: Type.Optional(StockQuantity) },
  { additionalProperties: false, title: 'CreateProduct' },
);
const revisable = {
  ...writable,
  status: Type.Optional(
    Type.Union([Type.Literal('active'), Type.Literal('archived')], {
      description: 'active brings an archived product back, archived takes it off the shelf; it stays without.',
    }),
  ),
};
export const ReplaceProduct = Type.Object(revisable, { additionalProperties: false, title: 'ReplaceProduct' });
export const ChangeProduct = Type.Partial(Type.Object(revisable), {
  additionalProperties: false,
  minProperties: 1,
  title: 'ChangeProduct',
});

const BatchProduct = Type.Object(
  {
    product_id: Type.Optional({ ...ProductId, description: 'The product to change; without it one is created.' }),
    expected_version: Type.Optional({ ...Version, description: 'The change is made only while the product has this version.' }),
    ...Type.Partial(Type.Object(revisable)).properties,
    stock_quantity: Type.Optional({ ...StockQuantity, description: 'The opening stock of a product that is created.' }),
  },
  { additionalProperties: false, title: 'BatchProduct' },
);

export const ImportReport = Type.Object(
  {
    rows: Type.Integer(),
    created: Type.Integer(),
    updated: Type.Integer(),
    unchanged: Type.Integer(),
    refused: Type.Integer(),
    ignored_columns: Type.Integer({ description: 'How many columns are unknown.' }),
    ignored_column_names: Type.Array(Type.String(), { description: 'The first 100 of them.' }),
    unused_column_names: Type.Array(Type.String(), {
      description: 'Columns of another shop\u2019s export that say nothing a catalogue keeps; the first 100.',
    }),
    refusals: Type.Array(Type.Object({ line: Type.Integer(), reason: Type.String(), handle: Type.Optional(Type.String()) }), {
      description: 'The first 1,000 refused rows.',
    }),
  },
  { title: 'ImportReport' },
);
export type ImportReport = Static<typeof ImportReport>;

const byProduct = Type.Object({ product_id: ProductId });

export const listProducts = defineRoute({
  method: 'GET',
  path: '/api/products',
  service: 'products',
  summary: 'The catalogue: browse and search',
  access: 'public',
  scope: 'products:read',
  limit: 'read',
  cache: 'public',
  query: queryWithMatches({
    ...paging,
    ids: Type.Optional(idList('products')),
    ...productFilters,
    ...countMember,
    sort: Type.Optional(ListSort),
  }),
  responses: { 200: Type.Array(Product) },
  errors: ['cursor_invalid', 'amount_invalid'],
});
export const getProduct = defineRoute({
  method: 'GET',
  path: '/api/products/{product_id}',
  service: 'products',
  summary: 'One product',
  access: 'public',
  scope: 'products:read',
  limit: 'read',
  cache: 'public',
  params: byProduct,
  etag: true,
  responses: { 200: Product },
});
export const createProduct = defineRoute({
  method: 'POST',
  path: '/api/products',
  service: 'products',
  summary: 'Add a product',
  access: 'staff',
  scope: 'products:write',
  limit: 'write',
  body: CreateProduct,
  etag: true,
  location: true,
  responses: { 201: Product },
  errors: ['sku_taken', 'amount_invalid', 'currency_unknown'],
});
export const saveProducts = defineRoute({
  method: 'POST',
  path: '/api/products/batch',
  service: 'products',
  summary: 'Add and change up to 100 products; each item has a result of its own',
  access: 'staff',
  scope: 'products:write',
  limit: 'write',
  idempotent: true,
  body: batchOf(BatchProduct, 'ProductBatch'),
  responses: { 200: batchResults('product', Product, 'ProductResult') },
  errors: ['idempotency_key_reused', 'idempotency_key_invalid'],
});
export const replaceProduct = defineRoute({
  method: 'PUT',
  path: '/api/products/{product_id}',
  service: 'products',
  summary: 'Replace a product; `status` active brings an archived one back',
  access: 'staff',
  scope: 'products:write',
  limit: 'write',
  params: byProduct,
  body: ReplaceProduct,
  etag: true,
  responses: { 200: Product },
  errors: ['sku_taken', 'amount_invalid', 'currency_unknown', 'precondition_failed', 'product_archived'],
});
export const changeProduct = defineRoute({
  method: 'PATCH',
  path: '/api/products/{product_id}',
  service: 'products',
  summary: 'Change a product; `{"status": "active"}` brings an archived one back',
  access: 'staff',
  scope: 'products:write',
  limit: 'write',
  params: byProduct,
  body: ChangeProduct,
  etag: true,
  responses: { 200: Product },
  errors: ['sku_taken', 'amount_invalid', 'currency_unknown', 'precondition_failed', 'product_archived'],
});
export const archiveProduct = defineRoute({
  method: 'DELETE',
  path: '/api/products/{product_id}',
  service: 'products',
  summary: 'Take a product off the shelf',
  access: 'staff',
  scope: 'products:write',
  limit: 'write',
  params: byProduct,
  responses: { 204: null },
  errors: ['precondition_failed'],
});
export const importProducts = defineRoute({
  method: 'POST',
  path: '/api/products/import',
  service: 'products',
  summary: 'Import a product CSV',
  access: 'staff',
  scope: 'products:write',
  limit: 'write',
  query: Type.Object(
    {
      ignore_unknown_columns: Type.Optional(
        Type.Boolean({ description: 'Columns whose names may be misspelt are left aside; without it such a file is refused.' }),
      ),
    },
    { additionalProperties: false },
  ),
  body_type: 'text/csv',
  body_bytes_max: 512 * 1024 * 1024,
  timeout_ms: 600_000,
  responses: { 200: ImportReport },
  errors: ['csv_invalid'],
});
/**
 * Pictures drawn as SVG: those of the sample catalogue, a closer one of each (`hammock-detail.svg`), and, for products without a picture,
 * one that fits words such as those of a handle (`like-blue-mug.svg`).
 */
export const getPicture = defineRoute({
  method: 'GET',
  path: '/api/products/pictures/{name}',
  service: 'products',
  summary: 'A drawn picture: of the sample catalogue, closer (name-detail.svg), or by the words of a name (like-blue-mug.svg)',
  access: 'public',
  scope: 'products:read',
  limit: 'asset',
  params: Type.Object({ name: Type.String({ pattern: '^[a-z0-9-]{1,120}\\.svg$' }) }),
  etag: true,
  ranges: true,
  response_types: ['image/svg+xml'],
  responses: { 200: Type.String(), 206: Type.String() },
  errors: ['range_not_satisfiable'],
});

export const productsRoutes = [
  listProducts,
  countFacets,
  suggestProducts,
  getPicture,
  getProduct,
  createProduct,
  saveProducts,
  replaceProduct,
  changeProduct,
  archiveProduct,
  importProducts,
  exportProducts,
] as const;
