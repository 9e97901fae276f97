import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { Locale, OrderId, OrderNumber, ParcelItem, ReturnId, ReturnNumber, ReturnState, UserId } from '../fields.ts';

export const returnUpdated = defineEvent({
  event_type: 'return.updated',
  version: '1.0',
  owner: 'orders',
  meaning: 'A return has come to a state of which its customer is notified. That its money went back, `payment.refunded` says.',
  ordering: 'return_id',
  payload: {
    return_id: ReturnId,
    return_number: ReturnNumber,
    order_id: OrderId,
    order_number: OrderNumber,
    user_id: UserId,
    locale: Type.Optional(Locale),
    state: ReturnState,
    items: Type.Array(ParcelItem, { maxItems: 100, description: 'What was announced; once goods have arrived, what arrived.' }),
  },
});
