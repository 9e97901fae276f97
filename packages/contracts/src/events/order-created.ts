import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { Amount, Currency, OrderId, PricedItem, ShippingAddress, UserId, Version } from '../fields.ts';

export const orderCreated = defineEvent({
  event_type: 'order.created',
  version: '1.0',
  owner: 'orders',
  meaning: 'A customer placed an order; stock is to be reserved.',
  ordering: 'order_id + order_version',
  payload: {
    order_id: OrderId,
    order_version: Version,
    user_id: UserId,
    items: Type.Array(PricedItem, { minItems: 1, maxItems: 100 }),
    total_amount: Amount,
    currency: Currency,
    shipping_address: ShippingAddress,
  },
});
