import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { MovementId, Nullable, OrderId, ProductId, QuantityChange, Reason, StockQuantity, Timestamp, Version } from '../fields.ts';
import { batchOf, batchResults } from './batch.ts';
import { idList } from './id-list.ts';
import { paging } from './paging.ts';

export const Stock = Type.Object(
  {
    product_id: ProductId,
    available: StockQuantity,
    on_hand: Type.Optional(StockQuantity),
    reserved: Type.Optional(StockQuantity),
    updated_at: Timestamp,
  },
  { title: 'Stock', description: 'on_hand and reserved are shown to staff only.' },
);
export type Stock = Static<typeof Stock>;

export const Availability = Type.Object(
  { product_id: ProductId, available: StockQuantity, stock_version: Version, updated_at: Timestamp },
  {
    title: 'Availability',
    description: 'What there is to be had of a product. Of two answers the one with the higher stock_version is newer.',
  },
);
export type Availability = Static<typeof Availability>;

/** Most products whose levels are asked for at once between services. */
export const stockLevelsMax = 200;

export const MovementKind = Type.Union([
  Type.Literal('received'),
  Type.Literal('reserved'),
  Type.Literal('released'),
  Type.Literal('shipped'),
  Type.Literal('adjusted'),
]);
export const Movement = Type.Object(
  {
    id: MovementId,
    product_id: ProductId,
    kind: MovementKind,
    on_hand_change: Type.Integer(),
    reserved_change: Type.Integer(),
    order_id: Nullable(OrderId),
    reason: Nullable(Type.String()),
    actor: Type.String(),
    created_at: Timestamp,
  },
  { title: 'Movement' },
);
export type Movement = Static<typeof Movement>;

const byProduct = Type.Object({ product_id: ProductId });

export const getStock = defineRoute({
  method: 'GET',
  path: '/api/inventory/{product_id}',
  service: 'inventory',
  summary: 'What is available of a product',
  access: 'public',
  scope: 'inventory:read',
  limit: 'read',
  params: byProduct,
  etag: true,
  responses: { 200: Stock },
});
export const listAvailability = defineRoute({
  method: 'GET',
  path: '/api/stock',
  service: 'inventory',
  summary: 'What is available of many products',
  access: 'public',
  scope: 'inventory:read',
  limit: 'read',
  query: Type.Object({ product_ids: idList('products') }, { additionalProperties: false }),
  responses: { 200: Type.Array(Availability) },
});
export const listStock = defineRoute({
  method: 'GET',
  path: '/api/inventory',
  service: 'inventory',
  summary: 'All stock',
  access: 'staff',
  scope: 'inventory:read',
  limit: 'read',
  query: Type.Object({ ...paging, low_stock_below: Type.Optional(StockQuantity) }, { additionalProperties: false }),
  responses: { 200: Type.Array(Stock) },
  errors: ['cursor_invalid'],
});
export const adjustStock = defineRoute({
  method: 'POST',
  path: '/api/inventory/{product_id}/adjustments',
  service: 'inventory',
  summary: 'Correct the stock of a product',
  access: 'staff',
  scope: 'inventory:write',
  limit: 'write',
  idempotent: true,
  params: byProduct,
  body: Type.Object(
    { quantity_change: QuantityChange, reason: Reason, expected_on_hand: Type.Optional(StockQuantity) },
    { additionalProperties: false },
  ),
  etag: true,
  responses: { 201: Stock },
  errors: ['stock_mismatch', 'stock_reserved', 'stock_too_large', 'idempotency_key_reused', 'idempotency_key_invalid'],
});
export const adjustStocks = defineRoute({
  method: 'POST',
  path: '/api/inventory/adjustments/batch',
  service: 'inventory',
  summary: 'Correct the stock of up to 100 products; each item has a result of its own',
  access: 'staff',
  scope: 'inventory:write',
  limit: 'write',
  idempotent: true,
  body: batchOf(
    Type.Object(
      { product_id: ProductId, quantity_change: QuantityChange, reason: Reason, expected_on_hand: Type.Optional(StockQuantity) },
      { additionalProperties: false },
    ),
    'AdjustmentBatch',
  ),
  responses: { 200: batchResults('stock', Stock, 'AdjustmentResult') },
  errors: ['idempotency_key_reused', 'idempotency_key_invalid'],
});
export const listMovements = defineRoute({
  method: 'GET',
  path: '/api/inventory/{product_id}/movements',
  service: 'inventory',
  summary: 'The stock ledger of a product',
  access: 'staff',
  scope: 'inventory:read',
  limit: 'read',
  params: byProduct,
  query: Type.Object({ ...paging }, { additionalProperties: false }),
  responses: { 200: Type.Array(Movement) },
  errors: ['cursor_invalid'],
});

export const listStockActions = defineRoute({
  method: 'GET',
  path: '/api/inventory/staff-actions',
  service: 'inventory',
  summary: 'Lines of the stock ledger that staff have caused, the newest first',
  access: 'admin',
  limit: 'read',
  query: Type.Object({ ...paging }, { additionalProperties: false }),
  responses: { 200: Type.Array(Movement) },
  errors: ['cursor_invalid'],
});

/** Gateways ask for all products that are watched at once; unknown ones are left out. */
export const readStockLevels = defineRoute({
  method: 'POST',
  path: '/internal/inventory/levels',
  service: 'inventory',
  summary: 'What is available of all products that are watched',
  access: 'internal',
  limit: 'none',
  body: Type.Object(
    { product_ids: Type.Array(ProductId, { minItems: 1, maxItems: stockLevelsMax }) },
    { additionalProperties: false, title: 'StockLevelsQuestion' },
  ),
  responses: { 200: Type.Array(Availability) },
});

export const inventoryRoutes = [
  getStock,
  listAvailability,
  listStock,
  adjustStock,
  adjustStocks,
  listMovements,
  listStockActions,
  readStockLevels,
] as const;
