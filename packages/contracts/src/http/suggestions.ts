import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { Amount, Category, Currency, ImageUrl, Nullable, ProductId, ProductName } from '../fields.ts';

/** Most suggestions of one answer: as many as a list below a field of search has. */
export const suggestionsMax = 8;

/** A product that someone who types may mean. */
export const Suggestion = Type.Object(
  {
    product_id: ProductId,
    name: ProductName,
    category: Nullable(Category),
    price: Amount,
    currency: Currency,
    image_url: Nullable(ImageUrl),
  },
  { title: 'Suggestion' },
);
export type Suggestion = Static<typeof Suggestion>;

export const suggestProducts = defineRoute({
  method: 'GET',
  path: '/api/products/suggestions',
  service: 'products',
  summary: 'What someone who is typing may mean: at most 8 products, the likeliest first',
  access: 'public',
  scope: 'products:read',
  limit: 'read',
  cache: 'public',
  query: Type.Object(
    {
      q: Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'What is typed so far; the last word may be half a word, and words may be misspelt.',
      }),
    },
    { additionalProperties: false },
  ),
  responses: { 200: Type.Array(Suggestion, { maxItems: suggestionsMax }) },
});
