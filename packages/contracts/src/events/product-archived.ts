import { defineEvent } from '../define-event.ts';
import { ProductId, Version } from '../fields.ts';

export const productArchived = defineEvent({
  event_type: 'product.archived',
  version: '1.0',
  owner: 'products',
  meaning: 'A product is not sold any more.',
  ordering: 'product_id + product_version',
  payload: {
    product_id: ProductId,
    product_version: Version,
  },
});
