import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { ProductId, QuantityChange, StockQuantity, Version } from '../fields.ts';

export const inventoryUpdated = defineEvent({
  event_type: 'inventory.updated',
  version: '1.0',
  owner: 'inventory',
  meaning: 'The available quantity of a product changed.',
  ordering: 'product_id + stock_version',
  payload: {
    product_id: ProductId,
    quantity_change: QuantityChange,
    current_quantity: StockQuantity,
    reason: Type.String({ maxLength: 100, description: 'Kind of the movement, or several.' }),
    stock_version: Version,
  },
});
