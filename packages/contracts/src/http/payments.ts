import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { Amount, Currency, Nullable, OrderId, PaymentId, PositiveAmount, Reason, RefundId, Timestamp, UserId } from '../fields.ts';
import { listDisputes, PaymentDispute } from './disputes.ts';
import { idList } from './id-list.ts';
import { paging } from './paging.ts';

export const PaymentStatus = Type.Union([
  Type.Literal('requested'),
  Type.Literal('charging'),
  Type.Literal('captured'),
  Type.Literal('declined'),
  Type.Literal('unknown'),
]);
/** The money did not reach the customer. */
export const RefundFailure = Type.Object({
  code: Type.String({ description: "The provider's word for why." }),
  at: Timestamp,
  retried_as: Nullable({ ...RefundId, description: 'The refund by which it is tried again.' } as typeof RefundId),
  by_hand: Type.Boolean({ description: 'Staff gave the money back by other means.' }),
});
export const Refund = Type.Object(
  {
    id: RefundId,
    amount: Amount,
    currency: Currency,
    reason: Reason,
    status: Type.Union([Type.Literal('pending'), Type.Literal('done')], { description: 'A pending one with `failure` is owed still.' }),
    created_at: Timestamp,
    failure: Type.Optional(RefundFailure),
  },
  { title: 'Refund' },
);
export type Refund = Static<typeof Refund>;
/** What the customer has to do; the status of the payment is `charging` or `unknown` until it is done. */
export const PaymentAction = Type.Object({
  url: Type.String({
    maxLength: 2_000,
    description: 'The page on which the customer finishes the payment: an address, or a path of this shop.',
  }),
  until: { ...Timestamp, description: 'When the page closes.' } as typeof Timestamp,
});
export const Payment = Type.Object(
  {
    id: PaymentId,
    order_id: OrderId,
    user_id: UserId,
    amount: Amount,
    currency: Currency,
    status: PaymentStatus,
    decline_code: Nullable(Type.String()),
    action: Type.Optional(PaymentAction),
    captured_amount: Amount,
    refunded_amount: Amount,
    refunds: Type.Array(Refund),
    disputed_amount: Type.Optional({ ...Amount, description: 'What disputes hold back or took; for staff.' } as typeof Amount),
    disputes: Type.Optional(Type.Array(PaymentDispute, { description: 'For staff; left out where there is none.' })),
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
const byRefund = Type.Object({ payment_id: PaymentId, refund_id: RefundId });

export const retryRefund = defineRoute({
  method: 'POST',
  path: '/api/payments/{payment_id}/refunds/{refund_id}/retry',
  service: 'payments',
  summary: 'Try a refund that failed again, as another one',
  access: 'staff',
  scope: 'payments:write',
  limit: 'write',
  idempotent: true,
  params: byRefund,
  responses: { 201: Refund },
  errors: ['refund_not_failed', 'refund_exceeds_captured', 'payment_not_captured', 'idempotency_key_reused', 'idempotency_key_invalid'],
});
export const settleRefund = defineRoute({
  method: 'POST',
  path: '/api/payments/{payment_id}/refunds/{refund_id}/settle',
  service: 'payments',
  summary: 'Note that the money of a failed refund was given back by other means',
  access: 'staff',
  scope: 'payments:write',
  limit: 'write',
  idempotent: true,
  params: byRefund,
  responses: { 200: Refund },
  errors: ['refund_not_failed', 'refund_exceeds_captured', 'payment_not_captured', 'idempotency_key_reused', 'idempotency_key_invalid'],
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

const pageType = 'text/html';

export const getPaymentPage = defineRoute({
  method: 'GET',
  path: '/api/payments/sandbox/pages/{payment_id}',
  service: 'payments',
  summary: "The sandbox provider's page on which a customer finishes a payment, for browsers",
  access: 'public',
  limit: 'read',
  params: byPayment,
  response_types: [pageType],
  responses: { 200: Type.Unknown() },
});
export const finishPaymentPage = defineRoute({
  method: 'POST',
  path: '/api/payments/sandbox/pages/{payment_id}/{outcome}',
  service: 'payments',
  summary: "What the buttons of the sandbox provider's page do: the customer pays, or refuses to",
  access: 'public',
  limit: 'write',
  params: Type.Object({ payment_id: PaymentId, outcome: Type.Union([Type.Literal('paid'), Type.Literal('refused')]) }),
  response_types: [pageType],
  responses: { 200: Type.Unknown() },
});

export const paymentsRoutes = [
  listPayments,
  getPayment,
  refundPayment,
  retryRefund,
  settleRefund,
  listDisputes,
  receiveWebhook,
  getPaymentPage,
  finishPaymentPage,
] as const;
