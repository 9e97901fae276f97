import Type from 'typebox';
import { Nullable, Timestamp } from '../fields.ts';

/** What an order waits for: a service, the customer or staff. An order that is completed or cancelled waits for nothing. */
export const WaitingFor = Type.Object(
  {
    what: Type.Union(
      [
        Type.Literal('stock'),
        Type.Literal('payment'),
        Type.Literal('customer_payment'),
        Type.Literal('shipment'),
        Type.Literal('completion'),
      ],
      {
        description:
          'stock: the goods are being reserved. payment: the money is being taken. customer_payment: the customer pays on a page, see action. shipment: staff send the goods. completion: the goods are on their way, and staff finish the order.',
      },
    ),
    since: { ...Timestamp, description: 'When the order changed last.' } as typeof Timestamp,
    until: Nullable({
      ...Timestamp,
      description: 'When the wait ends by itself, and the order is cancelled then or soon after; null where it does not.',
    } as typeof Timestamp),
  },
  { title: 'WaitingFor' },
);
