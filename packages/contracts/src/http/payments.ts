import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { Amount, Currency, Nullable, OrderId, PaymentId, PositiveAmount, Reason, RefundId, Timestamp, UserId } from '../fields.ts';
import { idList } from './id-list.ts';
import { paging } from './paging.ts';

export const PaymentStatus = Type.Union([
  Type.Literal('requested'),
  Type.Literal('charging'),
  Type.Literal('captured'),
  Type.Literal('declined'),
  Type.Literal('unknown'),
]);
export const Refund = Type.Object(
  {
    id: RefundId,
    amount: Amount,
    currency: Currency,
    reason: Reason,
    status: Type.Union([Type.Literal('pending'), Type.Literal('done')]),
    created_at: Timestamp,
  },
  { title: 'Refund' },
);
export type Refund = Static<typeof Refund>;
export const Payment = Type.Object(
  {
    id: PaymentId,
    order_id: OrderId,
    user_id: UserId,
    amount: Amount,
    currency: Currency,
    status: PaymentStatus,
    decline_code: Nullable(Type.String()),
    captured_amount: Amount,
    refunded_amount: Amount,
    refunds: Type.Array(Refund),
    provider: Type.String(),
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { title: 'Payment' },
);
export type Payment = Static<typeof Payment>;

const byPayment = Type.Object({ payment_id: PaymentId });

export const listPayments = defineRoute({
  method: 'GET',
  path: '/api/payments',
  service: 'payments',
  summary: 'Own payments; staff see all',
  access: 'authenticated',
  scope: 'payments:read',
  limit: 'read',
  query: Type.Object(
    { ...paging, order_id: Type.Optional(OrderId), order_ids: Type.Optional(idList('orders')) },
    { additionalProperties: false },
  ),
  responses: { 200: Type.Array(Payment) },
  errors: ['cursor_invalid'],
});
export const getPayment = defineRoute({
  method: 'GET',
  path: '/api/payments/{payment_id}',
  service: 'payments',
  summary: 'One payment',
  access: 'authenticated',
  scope: 'payments:read',
  limit: 'read',
  params: byPayment,
  etag: true,
  responses: { 200: Payment },
});
export const refundPayment = defineRoute({
  method: 'POST',
  path: '/api/payments/{payment_id}/refunds',
  service: 'payments',
  summary: 'Give money back',
  access: 'staff',
  scope: 'payments:write',
  limit: 'write',
  idempotent: true,
  params: byPayment,
  body: Type.Object({ amount: PositiveAmount, reason: Reason }, { additionalProperties: false }),
  responses: { 201: Refund },
  errors: ['refund_exceeds_captured', 'payment_not_captured', 'amount_invalid', 'idempotency_key_reused', 'idempotency_key_invalid'],
});
export const receiveWebhook = defineRoute({
  method: 'POST',
  path: '/api/payments/webhooks/{provider}',
  service: 'payments',
  summary: 'What a payment provider reports',
  access: 'public',
  limit: 'write',
  params: Type.Object({ provider: Type.String({ pattern: '^[a-z0-9_-]{1,40}$' }) }),
  body: Type.Unknown(),
  responses: { 204: null },
  errors: ['provider_unknown', 'signature_invalid'],
});

export const paymentsRoutes = [listPayments, getPayment, refundPayment, receiveWebhook] as const;
