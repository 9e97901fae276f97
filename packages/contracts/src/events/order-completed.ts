import { defineEvent } from '../define-event.ts';
import { OrderId, UserId, Version } from '../fields.ts';

export const orderCompleted = defineEvent({
  event_type: 'order.completed',
  version: '1.0',
  owner: 'orders',
  meaning: 'An order is done.',
  ordering: 'order_id + order_version',
  payload: {
    order_id: OrderId,
    order_version: Version,
    user_id: UserId,
  },
});
