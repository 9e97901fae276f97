import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { OrderId, ReservedItem } from '../fields.ts';

export const inventoryReserved = defineEvent({
  event_type: 'inventory.reserved',
  version: '1.0',
  owner: 'inventory',
  meaning: 'All items of an order are held for it.',
  ordering: 'order_id',
  payload: {
    order_id: OrderId,
    items: Type.Array(ReservedItem, { minItems: 1, maxItems: 100 }),
  },
});
