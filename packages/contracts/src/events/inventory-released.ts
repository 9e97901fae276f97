import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { CancelReason, OrderId, ReservedItem } from '../fields.ts';

export const inventoryReleased = defineEvent({
  event_type: 'inventory.released',
  version: '1.0',
  owner: 'inventory',
  meaning: 'What was held for an order is free again.',
  ordering: 'order_id',
  payload: {
    order_id: OrderId,
    items: Type.Array(ReservedItem, { maxItems: 100 }),
    reason: CancelReason,
  },
});
