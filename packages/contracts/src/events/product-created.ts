import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import {
  Amount,
  Category,
  Currency,
  GroupId,
  ProductId,
  ProductName,
  ProductStatus,
  Sku,
  StockQuantity,
  TaxClass,
  Version,
  WeightG,
} from '../fields.ts';

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
    tax_class: Type.Optional(TaxClass),
    weight_g: Type.Optional({ ...WeightG, description: 'Weight of one piece in grams, 0 where none is said.' }),
    group_id: Type.Optional({ ...GroupId, description: 'Of the group of variants; the product itself where it stands alone.' }),
    category: Type.Optional({ ...Category, minLength: 0, description: 'Where the product is found; empty where nothing is said.' }),
  },
});
