import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { OrderId, ParcelQuantity, ProductId, ReturnId } from '../fields.ts';

export const returnReceived = defineEvent({
  event_type: 'return.received',
  version: '1.0',
  owner: 'orders',
  meaning: 'Returned goods have arrived; what can be sold again goes back into stock.',
  ordering: 'return_id',
  payload: {
    return_id: ReturnId,
    order_id: OrderId,
    items: Type.Array(Type.Object({ product_id: ProductId, quantity: ParcelQuantity }), {
      maxItems: 100,
      description: 'What goes back into stock; what is written off is not among it.',
    }),
  },
});
