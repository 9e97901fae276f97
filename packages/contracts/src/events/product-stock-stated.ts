import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { ImportId, ProductId, StatedMode, StockQuantity, Version } from '../fields.ts';

export const productStockStated = defineEvent({
  event_type: 'product.stock_stated',
  version: '1.0',
  owner: 'products',
  meaning: 'A file that was imported says how many pieces of a product there are, or how many have come.',
  ordering: 'import_id + product_id',
  payload: {
    import_id: ImportId,
    product_id: ProductId,
    mode: StatedMode,
    quantity: StockQuantity,
    stock_version: Type.Optional({ ...Version, description: 'Of the stock that the file was made from; another one refuses the row.' }),
  },
});
