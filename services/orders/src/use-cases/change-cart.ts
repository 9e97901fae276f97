/** The saved cart of a customer. Everything that changes it holds the lock of the customer, as placing an order does. */
import { type Cart, type MergeCart, type PutCart, refusal } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Tx } from '@souk/postgres';
import { checkIfMatch } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import { type CartContent, isSameCart, mergeIntoCart, writeCart } from '../domain/cart.ts';
import { type CartRow, findCart, saveCart } from '../store/carts.ts';
import { lockCustomers } from '../store/customers.ts';
import { erasedAmong } from '../store/erasures.ts';

/** The cart of a customer; empty, at version 0, where none is saved. */
export async function getCart(ctx: OrdersContext, user_id: string): Promise<Cart> {
  return present(user_id, await findCart(ctx.db, user_id));
}

/**
 * Writes the cart as a whole. What is asked for already is answered whatever the version: the answer to the first request may
 * have been lost. Throws `precondition_required`, `precondition_failed` with the cart as it is, `validation_failed`.
 */
export async function putCart(
  ctx: OrdersContext,
  { user_id, wanted, if_match }: { user_id: string; wanted: PutCart; if_match: string | undefined },
): Promise<Cart> {
  if (if_match === undefined) throw refusal('precondition_required');
  return changeCart(ctx, user_id, (before) => {
    const after = writeCart(before, wanted);
    if (!isSameCart(before, after)) checkVersion(if_match, before);
    return after;
  });
}

/** Takes the larger quantity of each product. Throws `cart_full`. */
export function mergeCart(ctx: OrdersContext, user_id: string, { lines }: MergeCart): Promise<Cart> {
  return changeCart(ctx, user_id, (before) => mergeIntoCart(before, lines));
}

function changeCart(ctx: OrdersContext, user_id: string, change: (before: Cart) => CartContent): Promise<Cart> {
  return ctx.db.transaction(async (tx) => {
    const before = present(user_id, await lockCart(tx, user_id));
    const after = change(before);
    if (isSameCart(before, after)) return before;
    const updated_at = timestamp(ctx.clock.now());
    const version = await saveCart(tx, { user_id, ...after, at: updated_at });
    return { id: user_id, version, ...after, updated_at };
  });
}

/** A token lives on for minutes after its account was erased: a cart that came then would be left for good. */
async function lockCart(tx: Tx, user_id: string): Promise<CartRow | undefined> {
  await lockCustomers(tx, [user_id]);
  if ((await erasedAmong(tx, [user_id])).has(user_id)) throw refusal('token_invalid', 'The account of this access token was erased.');
  return findCart(tx, user_id);
}

function checkVersion(if_match: string, cart: Cart): void {
  try {
    checkIfMatch({ if_match }, cart.version);
  } catch (error) {
    throw refusal('precondition_failed', `The cart is at version ${cart.version} now.`, { current: cart }, error);
  }
}

function present(user_id: string, row: CartRow | undefined): Cart {
  return row === undefined ? { id: user_id, version: 0, lines: [], later: [], updated_at: null } : { id: user_id, ...row };
}
