import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { ImportId, ProductId, StatedMode, StockQuantity, Version } from '../fields.ts';

export const inventoryStockRefused = defineEvent({
  event_type: 'inventory.stock_refused',
  version: '1.0',
  owner: 'inventory',
  meaning: 'What an imported file says of the stock of a product was not taken over.',
  ordering: 'import_id + product_id',
  payload: {
    import_id: ImportId,
    product_id: ProductId,
    mode: StatedMode,
    quantity: StockQuantity,
    reason: Type.Union([Type.Literal('stale'), Type.Literal('below_reserved'), Type.Literal('too_large')]),
    on_hand: StockQuantity,
    reserved: StockQuantity,
    stock_version: Version,
    stated_version: Type.Optional(Version),
  },
});
