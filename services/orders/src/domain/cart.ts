/**
 * What a cart becomes when it is written as a whole or another one is merged into it. A merge takes the larger quantity of
 * each product and keeps what it added apart from what the customer wrote, in order of product: however many carts are
 * merged, again, late or in another order, the result is the same and no line is lost.
 */
import { type CartLine, cartLinesMax, type MergeCart, type PutCart, refusal } from '@souk/contracts';

/** The two lists of a cart. */
export interface CartContent {
  lines: CartLine[];
  later: CartLine[];
}

type WantedLine = MergeCart['lines'][number];

/** The cart as it was asked for, with no mark of a merge. Throws `validation_failed` where a product is named twice. */
export function writeCart(cart: CartContent, wanted: PutCart): CartContent {
  const lines = wanted.lines.map(plain);
  const ordered = new Set(lines.map(({ product_id }) => product_id));
  const later = wanted.later?.map(plain) ?? cart.later.filter(({ product_id }) => !ordered.has(product_id)).map(plain);
  checkOnce('lines', lines, new Set());
  checkOnce('later', later, ordered);
  return { lines, later };
}

/** Throws `cart_full`, and nothing is merged, where the lines have no place beside the others. */
export function mergeIntoCart(cart: CartContent, wanted: readonly WantedLine[]): CartContent {
  const quantities = new Map<string, number>();
  for (const { product_id, quantity } of wanted) quantities.set(product_id, Math.max(quantity, quantities.get(product_id) ?? 0));
  const everything = [...cart.lines, ...cart.later];
  const known = new Set(everything.map(({ product_id }) => product_id));
  const fresh = [...quantities].filter(([product_id]) => !known.has(product_id));
  const added = [
    ...everything.filter(isAdded),
    ...fresh.map(([product_id, quantity]): CartLine => ({ product_id, quantity, merged: 'added' })),
  ]
    .map((line) => larger(line, quantities))
    .sort((left, right) => (left.product_id < right.product_id ? -1 : 1));
  const written = (lines: readonly CartLine[]): CartLine[] =>
    lines.filter((line) => !isAdded(line)).map((line) => larger(line, quantities));
  const first = written(cart.lines);
  const places = cartLinesMax - first.length;
  const later = [...written(cart.later), ...added.slice(places)];
  if (later.length > cartLinesMax)
    throw refusal('cart_full', `${later.length} lines would be kept for later; at most ${cartLinesMax} can be.`);
  return { lines: [...first, ...added.slice(0, places)], later };
}

/** Whether two carts hold the same, marks included. */
export function isSameCart(left: CartContent, right: CartContent): boolean {
  return isSameList(left.lines, right.lines) && isSameList(left.later, right.later);
}

function isSameList(left: readonly CartLine[], right: readonly CartLine[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ product_id, quantity, merged }, index) => {
      const other = right[index];
      return product_id === other?.product_id && quantity === other.quantity && merged === other.merged;
    })
  );
}

function isAdded({ merged }: CartLine): boolean {
  return merged === 'added';
}

function larger(line: CartLine, quantities: ReadonlyMap<string, number>): CartLine {
  const quantity = quantities.get(line.product_id) ?? 0;
  return quantity > line.quantity ? { product_id: line.product_id, quantity, merged: line.merged ?? 'raised' } : line;
}

function plain({ product_id, quantity }: WantedLine): CartLine {
  return { product_id, quantity };
}

function checkOnce(list: 'lines' | 'later', lines: readonly CartLine[], elsewhere: ReadonlySet<string>): void {
  const seen = new Set(elsewhere);
  const errors = lines.flatMap(({ product_id }, index) => {
    if (!seen.has(product_id)) {
      seen.add(product_id);
      return [];
    }
    return [{ pointer: `/${list}/${index}/product_id`, detail: `product ${product_id} is in the cart twice` }];
  });
  if (errors.length > 0) throw refusal('validation_failed', 'A cart has one line for each product.', { errors });
}
