import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { Amount, Currency, Nullable, OrderId, OrderNumber, ShippingAddress } from '../fields.ts';

/** Most orders that are summarised at once. */
export const summarisedOrdersMax = 100;

/** What a message about an order shows of it. Sums and taxes are there where the order has them. */
export const OrderSummary = Type.Object(
  {
    order_id: OrderId,
    order_number: OrderNumber,
    items: Type.Array(
      Type.Object({
        name: Type.String(),
        quantity: Type.Integer(),
        line_total: Amount,
        discount: Type.Optional(Amount),
        tax: Type.Optional(Amount),
        paid: Type.Optional(Amount),
        shipping: Type.Optional(Amount),
      }),
    ),
    items_total: Type.Optional(Amount),
    discount_total: Type.Optional(Amount),
    shipping_total: Type.Optional(Amount),
    tax_total: Type.Optional(Amount),
    tax_included: Type.Optional(Type.Boolean()),
    tax_lines: Type.Optional(Type.Array(Type.Object({ name: Type.String(), rate_percent: Type.Number(), base: Amount, amount: Amount }))),
    total_amount: Amount,
    currency: Currency,
    shipping_address: Nullable(ShippingAddress),
  },
  { title: 'OrderSummary' },
);
export type OrderSummary = Static<typeof OrderSummary>;

/** Notifications asks for all orders of a batch of messages at once. Orders that are not there are left out. */
export const summariseOrders = defineRoute({
  method: 'POST',
  path: '/internal/orders/summaries',
  service: 'orders',
  summary: 'What messages about orders show of them',
  access: 'internal',
  limit: 'none',
  body: Type.Object({ order_ids: Type.Array(OrderId, { maxItems: summarisedOrdersMax }) }, { additionalProperties: false }),
  responses: { 200: Type.Array(OrderSummary) },
});
