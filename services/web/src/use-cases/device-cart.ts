/**
 * The cart of the browser and that of the account, kept the same for who is signed in. While `orders` is away the browser goes on with its own, and
 * they are brought together later.
 */
import { type Cart as AccountCart, getCart, mergeCart, putCart, type TokenPair } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import type { WebContext } from '../context.ts';
import { type Cart, emptyCart, type OrderedCart } from '../domain/cart.ts';
import { asSaved, isSame, overflowOf, ownerSign, type SavedCart, stepOf } from '../domain/saved-cart.ts';
import { openParts, type PageRequest, type Parts } from './load-parts.ts';

const idBytes = 16;
/** A page does not wait longer for it. */
const keptWithinMs = 1_500;

export function newCart({ ids }: Pick<WebContext, 'ids'>, ordered?: OrderedCart): Cart {
  return emptyCart(ids.secret(idBytes), ordered);
}

/** The cart as it is now in both; as it was where that cannot be done. Undefined for a browser without one whose account has none. */
export async function keepSaved(context: WebContext, request: PageRequest, cart: Cart | undefined): Promise<Cart | undefined> {
  const { caller } = request;
  if (caller === undefined) return cart;
  const own = cart ?? newCart(context);
  try {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(keptWithinMs)]);
    const parts = openParts(context, { ...request, signal });
    const owner = ownerSign(caller.user_id);
    const saved = await fitted(parts, await broughtTogether(parts, own, owner));
    return cart === undefined && saved.lines.length === 0 ? undefined : asSaved(own, saved, owner);
  } catch (error) {
    context.log.debug({ err: error, correlation_id: request.cause.correlation_id }, 'a cart was not saved');
    return cart;
  }
}

/** That of who signs in by this request: what was in the browser and what the account has. */
export async function keepSignedIn(
  context: WebContext,
  request: Omit<PageRequest, 'caller' | 'authorization'>,
  { tokens, cart }: { tokens: TokenPair; cart: Cart | undefined },
): Promise<Cart | undefined> {
  const caller = await context.verifier.verify(tokens.access_token);
  return keepSaved(context, { ...request, caller, authorization: `Bearer ${tokens.access_token}` }, cart);
}

async function broughtTogether({ person, write }: Parts, cart: Cart, owner: string): Promise<SavedCart> {
  const lines = cart.lines.map(({ product_id, quantity }) => ({ product_id, quantity }));
  const merged = async (): Promise<AccountCart> => (await write(mergeCart, { body: { lines } })).body;
  const saved = (await person?.needed(getCart))?.body ?? nothingSaved;
  switch (stepOf(cart, saved, owner)) {
    case 'take':
      return saved;
    case 'merge':
      return merged();
    case 'write':
      try {
        return await written({ write }, saved, { lines });
      } catch (error) {
        // Another device was first.
        if (error instanceof AppError && error.code === 'precondition_failed' && lines.length > 0) return merged();
        throw error;
      }
  }
}

const nothingSaved: SavedCart = { version: 0, lines: [], later: [] };

async function fitted(parts: Parts, saved: SavedCart): Promise<SavedCart> {
  const fitting = overflowOf(saved);
  return fitting === undefined ? saved : written(parts, saved, fitting);
}

async function written(
  { write }: Pick<Parts, 'write'>,
  { version, lines }: SavedCart,
  wanted: Partial<Pick<SavedCart, 'later'>> & Pick<SavedCart, 'lines'>,
): Promise<SavedCart> {
  const body = { lines: [...wanted.lines], ...(wanted.later && { later: [...wanted.later] }) };
  if (wanted.later === undefined && isSame(lines, body.lines)) return { version, lines, later: [] };
  return (await write(putCart, { body, headers: { 'if-match': `"${version}"` } })).body;
}
