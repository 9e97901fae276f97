import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { DisputeState } from '../dispute-state.ts';
import { Amount, Currency, DisputeId, Nullable, OrderId, PaymentId, Timestamp } from '../fields.ts';
import { paging } from './paging.ts';

/** A dispute of a payment, for staff. */
export const PaymentDispute = Type.Object({
  id: DisputeId,
  reference: Type.String({ description: 'The dispute as the payment provider names it.' }),
  state: DisputeState,
  amount: Amount,
  currency: Currency,
  reason: Type.String({ description: "The provider's word for why." }),
  evidence_due_at: Nullable({ ...Timestamp, description: 'Until when evidence is taken, at the provider.' } as typeof Timestamp),
  opened_at: Timestamp,
  updated_at: Timestamp,
});
export type PaymentDispute = Static<typeof PaymentDispute>;

export const Dispute = Type.Object(
  {
    ...PaymentDispute.properties,
    payment_id: Nullable({ ...PaymentId, description: 'Null where it is about no payment of this shop.' } as typeof PaymentId),
    order_id: Nullable(OrderId),
  },
  { title: 'Dispute' },
);
export type Dispute = Static<typeof Dispute>;

export const listDisputes = defineRoute({
  method: 'GET',
  path: '/api/disputes',
  service: 'payments',
  summary: 'Disputes, those of no payment of this shop too',
  access: 'staff',
  scope: 'payments:read',
  limit: 'read',
  query: Type.Object({ ...paging, state: Type.Optional(DisputeState) }, { additionalProperties: false }),
  responses: { 200: Type.Array(Dispute) },
  errors: ['cursor_invalid'],
});
