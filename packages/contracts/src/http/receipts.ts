/** Receipts: what was charged, given back and held for an order, signed, so that it can be checked without asking the shop. */
import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { Amount, CancelReason, Currency, Nullable, OrderId, OrderNumber, OrderStatus, ProductId, Timestamp } from '../fields.ts';
import { OrderTotalsShown } from './totals.ts';

const Code = Type.String({ maxLength: 100 });
const Id = Type.String({ maxLength: 100 });
const Pieces = Type.Integer({ minimum: 1 });

/** Of the signature: no access token has this type, and no verifier of access tokens takes it. */
export const receiptType = 'souk-receipt';
const receiptVersion = 1;

export const Receipt = Type.Object(
  {
    version: Type.Literal(receiptVersion),
    issued_at: Timestamp,
    order: Type.Object({
      id: OrderId,
      order_number: OrderNumber,
      status: OrderStatus,
      cancel_reason: Nullable(CancelReason),
      version: Type.Integer({ minimum: 1 }),
      placed_at: Timestamp,
      currency: Currency,
      total_amount: Amount,
      totals: Type.Optional({
        ...OrderTotalsShown,
        description: 'Tax, shipping and the sum of the goods; absent where the total is the sum of the lines.',
      } as typeof OrderTotalsShown),
      items: Type.Array(
        Type.Object({
          product_id: ProductId,
          sku: Type.String(),
          name: Type.String(),
          quantity: Pieces,
          price: Amount,
          line_total: Amount,
        }),
        { maxItems: 100 },
      ),
    }),
    money: Type.Object(
      {
        provider: Nullable(Code),
        charged: Amount,
        refunded: Amount,
        refund_pending: Type.Number({ minimum: 0, description: 'Promised by the shop and not given back by the provider yet.' }),
        charges: Type.Array(Type.Object({ id: Id, amount: Amount, at: Timestamp })),
        refunds: Type.Array(Type.Object({ id: Id, amount: Amount, at: Timestamp })),
      },
      { description: "By the provider's own record." },
    ),
    stock: Type.Object({
      state: Type.Union([Type.Literal('none'), Type.Literal('held'), Type.Literal('released'), Type.Literal('left')], {
        description: 'What became of the pieces; `none`: none were held.',
      }),
      pieces: Type.Array(Type.Object({ product_id: ProductId, quantity: Pieces })),
      held_at: Nullable(Timestamp),
    }),
    checks: Type.Array(
      Type.Object({
        rule: Code,
        statement: Type.String(),
        outcome: Type.Union([Type.Literal('holds'), Type.Literal('open')], {
          description: '`open`: something differed at that moment, which may have been on its way; the audits of the shop decide.',
        }),
        found: Type.Array(Code),
        checked_at: Timestamp,
      }),
      { description: "The auditor's rules about an order, each with when it was checked against the records of all services." },
    ),
  },
  { title: 'Receipt', additionalProperties: false },
);
export type Receipt = Static<typeof Receipt>;

export const SignedReceipt = Type.Object(
  {
    receipt: Receipt,
    jws: Type.String({ description: 'The same receipt, signed: a compact JWS (RFC 7515) with EdDSA, whose payload it is.' }),
  },
  { title: 'SignedReceipt' },
);
export type SignedReceipt = Static<typeof SignedReceipt>;

/** A public key that signs receipts, or did; kept for ever, unlike those of access tokens. */
export const ReceiptKey = Type.Object(
  {
    kty: Type.Literal('OKP'),
    crv: Type.Literal('Ed25519'),
    x: Type.String(),
    kid: Type.String(),
    alg: Type.Literal('EdDSA'),
    use: Type.Literal('sig'),
    active_from: Timestamp,
    retired_at: Nullable(Timestamp),
  },
  { title: 'ReceiptKey' },
);
export type ReceiptKey = Static<typeof ReceiptKey>;
export const ReceiptKeySet = Type.Object({ keys: Type.Array(ReceiptKey) }, { title: 'ReceiptKeySet' });
export type ReceiptKeySet = Static<typeof ReceiptKeySet>;

export const getReceipt = defineRoute({
  method: 'GET',
  path: '/api/orders/{order_id}/receipt',
  service: 'operations',
  summary: 'The signed receipt of an order: charged, given back, held, and which rules were checked when',
  access: 'authenticated',
  limit: 'write',
  timeout_ms: 15_000,
  params: Type.Object({ order_id: OrderId }),
  responses: { 200: SignedReceipt },
  errors: ['service_unavailable', 'overloaded'],
});
export const getReceiptKeys = defineRoute({
  method: 'GET',
  path: '/.well-known/receipt-keys.json',
  service: 'users',
  summary: 'Public keys of receipts, those of earlier receipts too',
  access: 'public',
  limit: 'read',
  responses: { 200: ReceiptKeySet },
});
/** The signature is made where the private key is. */
export const signReceipt = defineRoute({
  method: 'POST',
  path: '/internal/receipts/sign',
  service: 'users',
  summary: 'Sign a receipt with the key in use',
  access: 'internal',
  limit: 'none',
  body: Receipt,
  responses: { 200: Type.Object({ jws: Type.String() }) },
  errors: ['keys_unavailable'],
});
