import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { Amount, Currency, ProductId, PromotionCode, Quantity, ShippingAddress, ShippingMethodCode, Timestamp } from '../fields.ts';
import { OrderItem, totalMembers } from './totals.ts';

const address = ShippingAddress.properties;

/** Most codes of one order. */
export const codesMax = 5;
export const Codes = Type.Array(PromotionCode, { maxItems: codesMax, description: 'Codes of promotions.' });

export const RefusedCode = Type.Object({
  code: PromotionCode,
  reason: Type.Union(
    [
      Type.Literal('unknown'),
      Type.Literal('not_yet_valid'),
      Type.Literal('expired'),
      Type.Literal('used_up'),
      Type.Literal('used_by_customer'),
      Type.Literal('minimum_not_reached'),
      Type.Literal('nothing_eligible'),
      Type.Literal('no_effect'),
      Type.Literal('not_combinable'),
    ],
    {
      description:
        'not_combinable: another promotion, with which it cannot be combined, makes the total lower; no_effect: the total would not be lower.',
    },
  ),
});
export type RefusedCode = Static<typeof RefusedCode>;

export const QuoteRequest = Type.Object(
  {
    items: Type.Array(Type.Object({ product_id: ProductId, quantity: Quantity }, { additionalProperties: false }), {
      minItems: 1,
      maxItems: 100,
    }),
    shipping_address: Type.Object(
      {
        ...Type.Partial(ShippingAddress).properties,
        country: address.country,
      },
      {
        additionalProperties: false,
        description: 'Where the goods would go; tax and shipping need the country, some places state or postal code.',
      },
    ),
    shipping_method: Type.Optional(ShippingMethodCode),
    codes: Type.Optional(Codes),
    currency: Type.Optional(Currency),
  },
  { additionalProperties: false, title: 'QuoteRequest' },
);
export type QuoteRequest = Static<typeof QuoteRequest>;

export const Quote = Type.Object(
  {
    lines: Type.Array(OrderItem),
    shipping_options: Type.Array(
      Type.Object({
        code: ShippingMethodCode,
        name: Type.String(),
        amount: Amount,
        days_min: Type.Integer({ minimum: 0 }),
        days_max: Type.Integer({ minimum: 0 }),
      }),
      { description: 'The cheapest first; none where the shop has no shipping zones.' },
    ),
    ...totalMembers,
    refused_codes: Type.Optional(Type.Array(RefusedCode, { description: 'Codes that were sent and do not apply.' })),
    total: Amount,
    currency: Currency,
    valid_until: { ...Timestamp, description: 'For information only: prices and rules may change before.' },
  },
  { title: 'Quote' },
);
export type Quote = Static<typeof Quote>;

/** Stores nothing and reserves nothing; an order for the same at the same moment costs the same. */
export const quoteOrder = defineRoute({
  method: 'POST',
  path: '/api/quotes',
  service: 'orders',
  summary: 'What an order would cost, with tax and shipping',
  access: 'public',
  scope: ['orders:read', 'orders:write'],
  limit: 'read',
  weighs: true,
  body: QuoteRequest,
  responses: { 200: Quote },
  errors: [
    'product_unknown',
    'currency_mismatch',
    'country_unknown',
    'address_incomplete',
    'shipping_unavailable',
    'total_too_large',
    'service_unavailable',
  ],
});
