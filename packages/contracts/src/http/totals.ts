/** How the total of an order comes about: lines with their shares, and sums. */
import Type, { type Static } from 'typebox';
import {
  Amount,
  Nullable,
  ProductId,
  ProductName,
  PromotionCode,
  PromotionId,
  RatePercent,
  ShippingMethodCode,
  Sku,
  TaxName,
} from '../fields.ts';

export const OrderItem = Type.Object({
  product_id: ProductId,
  sku: Sku,
  name: ProductName,
  quantity: Type.Integer({ minimum: 1 }),
  price: Amount,
  line_total: Amount,
  discount: Type.Optional({ ...Amount, description: 'What promotions take off line_total.' }),
  tax: Type.Optional({ ...Amount, description: 'Tax of the goods, inside of paid.' }),
  paid: Type.Optional({ ...Amount, description: 'What is paid for the goods, with tax.' }),
  shipping: Type.Optional({ ...Amount, description: 'Share of the shipping, with tax.' }),
});

export const TaxLine = Type.Object(
  {
    name: TaxName,
    rate_percent: RatePercent,
    base: { ...Amount, description: 'What the tax was taken of, without tax.' },
    amount: Amount,
  },
  { description: 'Tax by one rate, rounded once for the whole order.' },
);

export const PromotionLabel = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[^\\u0000-\\u001f\\u007f]*$',
  description: 'What customers see a promotion called.',
});
export const PromotionTarget = Type.Union([Type.Literal('lines'), Type.Literal('order'), Type.Literal('shipping')], {
  description: 'What a promotion is taken off: eligible lines, all lines, or the shipping.',
});

export const DiscountShown = Type.Object(
  {
    promotion_id: PromotionId,
    code: Nullable(PromotionCode),
    label: PromotionLabel,
    target: PromotionTarget,
    amount: Amount,
  },
  { description: 'What a promotion takes off; code is null where it applies by itself.' },
);
export type DiscountShown = Static<typeof DiscountShown>;

export const totalMembers = {
  items_total: Amount,
  discount_total: Type.Optional({ ...Amount, description: 'What promotions take off the goods.' }),
  discounts: Type.Optional(Type.Array(DiscountShown)),
  shipping_total: { ...Amount, description: 'After promotions on shipping; with tax where prices include it.' },
  tax_total: Amount,
  tax_included: Type.Boolean({ description: 'Prices hold the tax; else it is added to them.' }),
  tax_lines: Type.Array(TaxLine),
  shipping_method: Nullable(Type.Object({ code: ShippingMethodCode, name: Type.String() })),
};

export const OrderTotalsShown = Type.Object(totalMembers, {
  description: 'How the total came about; absent where it is the sum of the lines.',
});
export type OrderTotalsShown = Static<typeof OrderTotalsShown>;
