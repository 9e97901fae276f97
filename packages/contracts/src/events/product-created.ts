import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { Amount, Currency, ProductId, ProductName, ProductStatus, Sku, StockQuantity, Version } from '../fields.ts';

export const productCreated = defineEvent({
  event_type: 'product.created',
  version: '1.0',
  owner: 'products',
  meaning: 'A product is sold from now on.',
  ordering: 'product_id + product_version',
  payload: {
    product_id: ProductId,
    product_version: Version,
    sku: Sku,
    name: ProductName,
    price: Amount,
    currency: Currency,
    status: ProductStatus,
    initial_quantity: Type.Optional(StockQuantity),
  },
});
