import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import {
  Amount,
  Category,
  Currency,
  GivenTimestamp,
  GroupId,
  Nullable,
  ProductId,
  PromotionCode,
  PromotionId,
  Timestamp,
  Version,
} from '../fields.ts';
import { paging } from './paging.ts';
import { Quote, QuoteRequest } from './quotes.ts';
import { PromotionLabel, PromotionTarget } from './totals.ts';

/** Most codes that are made at once. */
export const codesMadeMax = 10_000;

const Count = (maximum: number, description: string) => Type.Integer({ minimum: 1, maximum, description });
const percent_description = 'In percent, with at most four decimals.';

const scope_description = 'Goods that are any of these; all goods where nothing is named.';

export const PromotionScope = Type.Object(
  {
    products: Type.Array(ProductId, { maxItems: 500 }),
    groups: Type.Array(GroupId, { maxItems: 500 }),
    categories: Type.Array(Category, { maxItems: 100 }),
  },
  { additionalProperties: false, description: scope_description },
);
const WriteScope = Type.Partial(PromotionScope, { additionalProperties: false, description: scope_description });

const members = {
  label: PromotionLabel,
  kind: Type.Union([Type.Literal('percent'), Type.Literal('fixed'), Type.Literal('free_shipping'), Type.Literal('buy_get')]),
  target: PromotionTarget,
  value: Type.Number({
    minimum: 0,
    maximum: 10_000_000_000,
    description: `Of percent the percentage of what is eligible together, ${percent_description.toLowerCase()} Of fixed the amount. Of the other kinds 0.`,
  }),
  currency: Nullable({ ...Currency, description: 'Of value and min_subtotal; needed where there is such an amount.' }),
  scope: PromotionScope,
  get_scope: Nullable({ ...PromotionScope, description: 'Of buy_get: what is discounted, where it is other than what must be bought.' }),
  min_subtotal: { ...Amount, description: 'What the eligible goods must come to before this promotion.' },
  buy_quantity: Nullable(Count(1_000, 'Of buy_get: so many pieces must be bought for each set.')),
  get_quantity: Nullable(Count(1_000, 'Of buy_get: so many further pieces are discounted, the cheapest ones.')),
  get_percent: Nullable(
    Type.Number({ exclusiveMinimum: 0, maximum: 100, description: `Of buy_get: how much is taken off them. ${percent_description}` }),
  ),
  sets_max: Nullable(Count(10_000, 'Of buy_get: most sets in one order.')),
  uses_max: Nullable(Count(1_000_000_000, 'Orders that it may apply to, cancelled ones not counted; counted from when a limit is set.')),
  uses_per_customer: Nullable(Count(1_000_000, 'The same for each customer.')),
  starts_at: Nullable(GivenTimestamp),
  ends_at: Nullable({ ...GivenTimestamp, description: 'From this instant on it does not apply any more.' }),
  combinable: Type.Boolean({
    description: 'Whether it applies together with others; one that does not competes with them, and the lowest total wins.',
  }),
  priority: Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'Smaller ones are taken off first, each off what is left.' }),
  automatic: Type.Boolean({ description: 'Whether it applies without a code.' }),
  active: Type.Boolean(),
};

export const Promotion = Type.Object(
  {
    id: PromotionId,
    ...members,
    used: Type.Integer({ minimum: 0, description: 'Orders counted against its limits.' }),
    version: Version,
  },
  { title: 'Promotion' },
);
export type Promotion = Static<typeof Promotion>;

const { label, kind, ...others } = members;
const optional = {
  ...Type.Partial(Type.Object(others)).properties,
  scope: Type.Optional(WriteScope),
  get_scope: Type.Optional(Nullable(WriteScope)),
};

export const WritePromotion = Type.Object({ label, kind, ...optional }, { additionalProperties: false, title: 'WritePromotion' });
export type WritePromotion = Static<typeof WritePromotion>;
export const ChangePromotion = Type.Object(
  { label: Type.Optional(label), ...optional },
  { additionalProperties: false, title: 'ChangePromotion' },
);
export type ChangePromotion = Static<typeof ChangePromotion>;

export const PromotionCodeShown = Type.Object(
  {
    code: PromotionCode,
    uses_max: Nullable(Type.Integer({ minimum: 1 })),
    used: Type.Integer({ minimum: 0, description: 'Orders counted against uses_max.' }),
    withdrawn_at: Nullable({ ...Timestamp, description: 'From then on it is refused as expired; orders placed before keep it.' }),
  },
  { title: 'PromotionCode' },
);
export type PromotionCodeShown = Static<typeof PromotionCodeShown>;

export const WritePromotionCodes = Type.Object(
  {
    count: Type.Optional(Count(codesMadeMax, 'So many codes of 12 random characters.')),
    code: Type.Optional({ ...PromotionCode, description: 'This one code; either it or count.' }),
    uses_max: Type.Optional(Nullable(Count(1_000_000_000, 'Orders that each code may be used for, cancelled ones not counted.'))),
  },
  { additionalProperties: false, title: 'WritePromotionCodes' },
);
export type WritePromotionCodes = Static<typeof WritePromotionCodes>;

export const WithdrawPromotionCode = Type.Object({ code: PromotionCode }, { additionalProperties: false, title: 'WithdrawPromotionCode' });
export type WithdrawPromotionCode = Static<typeof WithdrawPromotionCode>;

const staff = { service: 'orders', access: 'staff' } as const;
const byPromotion = Type.Object({ promotion_id: PromotionId });
const refused = ['amount_invalid', 'currency_unknown', 'too_many_automatic_promotions', 'too_many_rules'] as const;

export const listPromotions = defineRoute({
  method: 'GET',
  path: '/api/promotions',
  ...staff,
  summary: 'Promotions, oldest first',
  limit: 'read',
  query: Type.Object(paging, { additionalProperties: false }),
  responses: { 200: Type.Array(Promotion) },
  errors: ['cursor_invalid'],
});
export const createPromotion = defineRoute({
  method: 'POST',
  path: '/api/promotions',
  ...staff,
  summary: 'Add a promotion; it applies once it is active',
  limit: 'write',
  body: WritePromotion,
  etag: true,
  location: true,
  responses: { 201: Promotion },
  errors: refused,
});
export const getPromotion = defineRoute({
  method: 'GET',
  path: '/api/promotions/{promotion_id}',
  ...staff,
  summary: 'One promotion',
  limit: 'read',
  params: byPromotion,
  etag: true,
  responses: { 200: Promotion },
});
export const changePromotion = defineRoute({
  method: 'PATCH',
  path: '/api/promotions/{promotion_id}',
  ...staff,
  summary: 'Change, start or end a promotion; orders placed before keep theirs',
  limit: 'write',
  params: byPromotion,
  body: ChangePromotion,
  etag: true,
  responses: { 200: Promotion },
  errors: [...refused, 'promotion_used_more', 'precondition_failed'],
});
export const listPromotionCodes = defineRoute({
  method: 'GET',
  path: '/api/promotions/{promotion_id}/codes',
  ...staff,
  summary: 'Codes of a promotion, in order of code',
  limit: 'read',
  params: byPromotion,
  query: Type.Object(
    {
      cursor: paging.cursor,
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 100, description: 'How many at most.' })),
    },
    { additionalProperties: false },
  ),
  responses: { 200: Type.Array(PromotionCodeShown) },
  errors: ['cursor_invalid'],
});
export const createPromotionCodes = defineRoute({
  method: 'POST',
  path: '/api/promotions/{promotion_id}/codes',
  ...staff,
  summary: 'Add a code, or many random ones, to a promotion',
  limit: 'write',
  params: byPromotion,
  body: WritePromotionCodes,
  responses: { 201: Type.Object({ codes: Type.Array(PromotionCode) }, { title: 'PromotionCodes' }) },
  errors: ['code_exists', 'too_many_rules'],
});
/** Once and for ever: a code that was withdrawn before stays as it is. */
export const withdrawPromotionCode = defineRoute({
  method: 'POST',
  path: '/api/promotions/{promotion_id}/codes/withdraw',
  ...staff,
  summary: 'Withdraw one code of a promotion; orders placed before keep it',
  limit: 'write',
  params: byPromotion,
  body: WithdrawPromotionCode,
  responses: { 200: PromotionCodeShown },
});
/** What an order would cost with the promotion, whether or not it is active, started, ended or used up. */
export const simulatePromotion = defineRoute({
  method: 'POST',
  path: '/api/promotions/{promotion_id}/simulate',
  ...staff,
  summary: 'What an order would cost if the promotion applied by itself',
  limit: 'read',
  params: byPromotion,
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

export const promotionsRoutes = [
  listPromotions,
  createPromotion,
  getPromotion,
  changePromotion,
  listPromotionCodes,
  createPromotionCodes,
  withdrawPromotionCode,
  simulatePromotion,
] as const;
