/** What staff change of the shop's rules, and what they do with returns. */
import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { EventId, Timestamp } from '../fields.ts';
import { paging } from './paging.ts';

export const ShopAction = Type.Object(
  {
    id: EventId,
    at: Timestamp,
    actor: Type.String({ description: 'staff:<account>, with /key:<API key> where a program did it.' }),
    subject: Type.Union([
      Type.Literal('promotion'),
      Type.Literal('promotion_codes'),
      Type.Literal('tax_country'),
      Type.Literal('tax_rate'),
      Type.Literal('shipping_zone'),
      Type.Literal('shipping_method'),
      Type.Literal('return'),
    ]),
    action: Type.Union([
      Type.Literal('created'),
      Type.Literal('changed'),
      Type.Literal('started'),
      Type.Literal('ended'),
      Type.Literal('deleted'),
      Type.Literal('imported'),
      Type.Literal('withdrawn'),
      Type.Literal('approved'),
      Type.Literal('rejected'),
      Type.Literal('closed'),
      Type.Literal('received'),
      Type.Literal('refunded'),
    ]),
    subject_id: Type.String({ description: 'Its id; of a country its code, and of codes that of their promotion.' }),
    label: Type.String({ description: 'What it was called then.' }),
  },
  { title: 'ShopAction' },
);
export type ShopAction = Static<typeof ShopAction>;

export const listShopActions = defineRoute({
  method: 'GET',
  path: '/api/orders/shop-actions',
  service: 'orders',
  summary: 'What staff did to promotions, tax, shipping and returns, the newest first',
  access: 'admin',
  limit: 'read',
  query: Type.Object({ ...paging }, { additionalProperties: false }),
  responses: { 200: Type.Array(ShopAction) },
  errors: ['cursor_invalid'],
});
