import Type from 'typebox';
import { Timestamp } from '../fields.ts';

/** What an order waits for the customer to do. */
export const OrderAction = Type.Object(
  {
    what: Type.Literal('complete_payment'),
    url: Type.String({
      maxLength: 200,
      description: "The payment, for its owner. Its member `action` has the page of the payment provider's.",
    }),
    until: { ...Timestamp, description: 'When the page closes; the order is cancelled soon after.' } as typeof Timestamp,
  },
  { title: 'OrderAction' },
);
