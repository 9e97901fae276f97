/** The cart of a device and the saved cart of its owner's account, kept the same. */
import { derivedUuid } from '@souk/kernel';
import { type Cart, type CartLine, cartLinesMax } from './cart.ts';

export interface SavedCart {
  readonly version: number;
  readonly lines: readonly CartLine[];
  readonly later: readonly CartLine[];
}

const ownerSigns = 8;

/** By which the cart of one account is distinguished from that of another; no account is found by it. */
export function ownerSign(user_id: string): string {
  return derivedUuid('cart of a device', user_id).slice(0, ownerSigns);
}

/** The device takes what is saved, the account gets what the device has, or both get the larger quantity of each product. */
export type CartStep = 'take' | 'write' | 'merge';

/** What brings a cart and what is saved for this owner together, so that no line is lost and none of another account is joined. */
export function stepOf({ lines, saved: mark }: Pick<Cart, 'lines' | 'saved'>, saved: SavedCart, owner: string): CartStep {
  if (mark !== undefined && (mark.owner !== owner || mark.is_same)) return 'take';
  if (mark !== undefined && mark.version === saved.version) return 'write';
  return lines.length === 0 ? 'take' : 'merge';
}

/** What the device can hold of a saved cart; what is beyond goes beside, in the account. Undefined where all of it fits. */
export function overflowOf({ lines, later }: SavedCart): Pick<SavedCart, 'lines' | 'later'> | undefined {
  if (lines.length <= cartLinesMax) return undefined;
  const beyond = lines.slice(cartLinesMax);
  const moved = new Set(beyond.map(({ product_id }) => product_id));
  return { lines: lines.slice(0, cartLinesMax), later: [...beyond, ...later.filter(({ product_id }) => !moved.has(product_id))] };
}

/** The cart of the device as it is saved: another version of it only where its lines are others. */
export function asSaved(cart: Cart, { version, lines }: SavedCart, owner: string): Cart {
  const taken = lines.map(({ product_id, quantity }) => ({ product_id, quantity }));
  const saved = { owner, version, is_same: true };
  return isSame(cart.lines, taken) ? { ...cart, saved } : { ...cart, version: cart.version + 1, lines: taken, saved };
}

/** Whether both hold the same pieces of the same products, in whatever order. */
export function isSame(one: readonly CartLine[], other: readonly CartLine[]): boolean {
  const pieces = new Map(one.map(({ product_id, quantity }) => [product_id, quantity]));
  return one.length === other.length && other.every(({ product_id, quantity }) => pieces.get(product_id) === quantity);
}
