import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import {
  Amount,
  Currency,
  Nullable,
  OrderId,
  ParcelQuantity,
  ProductId,
  ProductName,
  Reason,
  RefundId,
  ReturnedQuantity,
  ReturnId,
  ReturnNumber,
  ReturnState,
  ShippingRefund,
  Timestamp,
  UserId,
  Version,
} from '../fields.ts';
import { paging } from './paging.ts';

export const ReturnRefund = Type.Object(
  {
    refund_id: Nullable(RefundId),
    items_amount: { ...Amount, description: 'What was paid for the pieces that arrived, with tax.' },
    shipping_amount: { ...Amount, description: 'What goes back of the shipping, with tax.' },
    deduction: { ...Amount, description: 'What is kept.' },
    amount: { ...Amount, description: 'What goes back.' },
    reason: Type.Optional(Reason),
  },
  { title: 'ReturnRefund' },
);
export type ReturnRefund = Static<typeof ReturnRefund>;

export const Return = Type.Object(
  {
    id: ReturnId,
    number: ReturnNumber,
    order_id: OrderId,
    user_id: UserId,
    state: ReturnState,
    items: Type.Array(
      Type.Object({
        product_id: ProductId,
        name: ProductName,
        quantity: { ...ParcelQuantity, description: 'Pieces that were announced.' },
        reason: Type.Optional(Reason),
        restock: { ...ReturnedQuantity, description: 'Pieces that arrived and are sold again.' },
        write_off: { ...ReturnedQuantity, description: 'Pieces that arrived and are not sold again.' },
      }),
    ),
    currency: Currency,
    refund: Nullable(ReturnRefund),
    version: Version,
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { title: 'Return' },
);
export type Return = Static<typeof Return>;

export const RequestReturn = Type.Object(
  {
    items: Type.Array(
      Type.Object({ product_id: ProductId, quantity: ParcelQuantity, reason: Type.Optional(Reason) }, { additionalProperties: false }),
      { minItems: 1, maxItems: 100 },
    ),
  },
  { additionalProperties: false, title: 'RequestReturn' },
);
export type RequestReturn = Static<typeof RequestReturn>;

export const ReceiveReturn = Type.Object(
  {
    items: Type.Array(
      Type.Object({ product_id: ProductId, restock: ReturnedQuantity, write_off: ReturnedQuantity }, { additionalProperties: false }),
      { minItems: 1, maxItems: 100, description: 'What arrived; a product that is left out did not.' },
    ),
  },
  { additionalProperties: false, title: 'ReceiveReturn' },
);
export type ReceiveReturn = Static<typeof ReceiveReturn>;

export const RefundReturn = Type.Object(
  { shipping: ShippingRefund, deduction: Type.Optional(Amount), reason: Type.Optional(Reason) },
  { additionalProperties: false, title: 'RefundReturn' },
);
export type RefundReturn = Static<typeof RefundReturn>;

const byReturn = Type.Object({ return_id: ReturnId });
const nothing = Type.Optional(Type.Object({}, { additionalProperties: false }));

export const requestReturn = defineRoute({
  method: 'POST',
  path: '/api/orders/{order_id}/returns',
  service: 'orders',
  summary: 'Ask to send goods of an order back',
  access: 'authenticated',
  scope: 'orders:write',
  limit: 'write',
  idempotent: true,
  params: Type.Object({ order_id: OrderId }),
  body: RequestReturn,
  etag: true,
  responses: { 201: Return },
  errors: ['return_items_unknown', 'return_too_large', 'idempotency_key_reused', 'idempotency_key_invalid'],
});
export const listReturns = defineRoute({
  method: 'GET',
  path: '/api/returns',
  service: 'orders',
  summary: 'Own returns, newest first; staff see all',
  access: 'authenticated',
  scope: 'orders:read',
  limit: 'read',
  query: Type.Object({ ...paging, order_id: Type.Optional(OrderId), state: Type.Optional(ReturnState) }, { additionalProperties: false }),
  responses: { 200: Type.Array(Return) },
  errors: ['cursor_invalid'],
});
export const getReturn = defineRoute({
  method: 'GET',
  path: '/api/returns/{return_id}',
  service: 'orders',
  summary: 'One return',
  access: 'authenticated',
  scope: 'orders:read',
  limit: 'read',
  params: byReturn,
  etag: true,
  responses: { 200: Return },
});
export const approveReturn = defineRoute({
  method: 'POST',
  path: '/api/returns/{return_id}/approve',
  service: 'orders',
  summary: 'Let the goods be sent back',
  access: 'staff',
  scope: 'orders:write',
  limit: 'write',
  params: byReturn,
  body: nothing,
  etag: true,
  responses: { 200: Return },
  errors: ['return_not_open', 'precondition_failed'],
});
export const rejectReturn = defineRoute({
  method: 'POST',
  path: '/api/returns/{return_id}/reject',
  service: 'orders',
  summary: 'Refuse a return before it is approved',
  access: 'staff',
  scope: 'orders:write',
  limit: 'write',
  params: byReturn,
  body: nothing,
  etag: true,
  responses: { 200: Return },
  errors: ['return_not_open', 'precondition_failed'],
});
export const closeReturn = defineRoute({
  method: 'POST',
  path: '/api/returns/{return_id}/close',
  service: 'orders',
  summary: 'Close an approved return whose goods never arrived',
  access: 'staff',
  scope: 'orders:write',
  limit: 'write',
  params: byReturn,
  body: nothing,
  etag: true,
  responses: { 200: Return },
  errors: ['return_not_open', 'precondition_failed'],
});
export const receiveReturn = defineRoute({
  method: 'POST',
  path: '/api/returns/{return_id}/receive',
  service: 'orders',
  summary: 'Note what has arrived of a return; what is sold again goes back into stock',
  access: 'staff',
  scope: 'orders:write',
  limit: 'write',
  params: byReturn,
  body: ReceiveReturn,
  etag: true,
  responses: { 200: Return },
  errors: ['return_not_open', 'return_items_unknown', 'return_too_large', 'precondition_failed'],
});
export const refundReturn = defineRoute({
  method: 'POST',
  path: '/api/returns/{return_id}/refund',
  service: 'orders',
  summary: 'Give the money for what has arrived back',
  access: 'staff',
  scope: 'orders:write',
  limit: 'write',
  params: byReturn,
  body: RefundReturn,
  etag: true,
  responses: { 200: Return },
  errors: ['return_not_open', 'amount_invalid', 'deduction_too_large', 'precondition_failed'],
});
export const previewReturnRefund = defineRoute({
  method: 'GET',
  path: '/api/returns/{return_id}/refund',
  service: 'orders',
  summary: 'What would go back for what has arrived',
  access: 'staff',
  scope: 'orders:read',
  limit: 'read',
  params: byReturn,
  query: Type.Object({ shipping: Type.Optional(ShippingRefund) }, { additionalProperties: false }),
  responses: { 200: ReturnRefund },
  errors: ['return_not_open'],
});

export const returnRoutes = [
  requestReturn,
  listReturns,
  getReturn,
  approveReturn,
  rejectReturn,
  closeReturn,
  receiveReturn,
  refundReturn,
  previewReturnRefund,
] as const;
