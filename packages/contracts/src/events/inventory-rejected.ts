import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { OrderId, Shortage } from '../fields.ts';

export const inventoryRejected = defineEvent({
  event_type: 'inventory.rejected',
  version: '1.0',
  owner: 'inventory',
  meaning: 'An order cannot be served from stock; nothing is held for it.',
  ordering: 'order_id',
  payload: {
    order_id: OrderId,
    shortages: Type.Array(Shortage, { minItems: 1, maxItems: 100 }),
  },
});
