import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { CartVersion, Nullable, ProductId, Quantity, Timestamp, UserId } from '../fields.ts';

/** Most lines that are ordered together, and most that wait beside them. */
export const cartLinesMax = 100;

const WantedLine = Type.Object({ product_id: ProductId, quantity: Quantity }, { additionalProperties: false });
const wantedLines = (description: string, minItems = 0) => Type.Array(WantedLine, { minItems, maxItems: cartLinesMax, description });

export const CartLine = Type.Object(
  {
    product_id: ProductId,
    quantity: Quantity,
    merged: Type.Optional(
      Type.Union([Type.Literal('added'), Type.Literal('raised')], {
        description: 'What a merge did since the cart was last written as a whole: the line is new, or its quantity became larger.',
      }),
    ),
  },
  { title: 'CartLine' },
);
export type CartLine = Static<typeof CartLine>;

export const Cart = Type.Object(
  {
    id: { ...UserId, description: 'The customer whose cart it is.' },
    version: CartVersion,
    lines: Type.Array(CartLine, { maxItems: cartLinesMax, description: 'What the next order has.' }),
    later: Type.Array(CartLine, { maxItems: cartLinesMax, description: 'What is kept beside: put off, or too many for one order.' }),
    updated_at: Nullable(Timestamp),
  },
  { title: 'Cart' },
);
export type Cart = Static<typeof Cart>;

export const PutCart = Type.Object(
  {
    lines: wantedLines('All lines with the quantities they are to have; what is not named is taken out.'),
    later: Type.Optional(wantedLines('All lines to keep beside; without this member they stay, but for products that are in lines now.')),
  },
  { additionalProperties: false, title: 'PutCart' },
);
export type PutCart = Static<typeof PutCart>;

export const MergeCart = Type.Object(
  { lines: wantedLines('The lines of another cart, such as that of a device before its owner signed in.', 1) },
  { additionalProperties: false, title: 'MergeCart' },
);
export type MergeCart = Static<typeof MergeCart>;

const cart = { service: 'orders', access: 'authenticated', etag: true, responses: { 200: Cart } } as const;

/** A customer without a saved cart has an empty one at version 0. */
export const getCart = defineRoute({ ...cart, method: 'GET', path: '/api/cart', summary: 'The own saved cart', limit: 'read' });
/** The answer to a lost race has the cart as it is in `current`, so that a page can show both. */
export const putCart = defineRoute({
  ...cart,
  method: 'PUT',
  path: '/api/cart',
  summary: 'Write the own cart as a whole, at the version that If-Match names',
  limit: 'write',
  body: PutCart,
  errors: ['precondition_required', 'precondition_failed'],
});
/** Takes the larger quantity of each product: again, late or in another order it comes to the same, and nothing is lost. */
export const mergeCart = defineRoute({
  ...cart,
  method: 'POST',
  path: '/api/cart/merge',
  summary: 'Add the lines of another cart to the own one',
  limit: 'write',
  body: MergeCart,
  errors: ['cart_full'],
});

export const cartRoutes = [getCart, putCart, mergeCart] as const;
