/**
 * The cart of a device: the text of a cookie, so that it is there whatever service is away. It holds no prices, and of its owner a sign by which
 * it is distinguished from the cart of another. What a browser sends may be anything: it is read strictly, and what cannot be read is no cart.
 */

export interface CartLine {
  readonly product_id: string;
  readonly quantity: number;
}

/** The last cart of the device that became an order. */
export interface OrderedCart {
  readonly cart_id: string;
  readonly order_id: string;
}

/** The saved cart of an account that the cart of the device was the same as. */
export interface SavedMark {
  /** A sign of the account. */
  readonly owner: string;
  /** Of the saved cart, at that moment. */
  readonly version: number;
  /** Nothing was changed here since. */
  readonly is_same: boolean;
}

export interface Cart {
  /** 128 random bits: who shows it is its owner. */
  readonly id: string;
  /** Grows with each change: a cart is ordered under `id:version`. */
  readonly version: number;
  readonly lines: readonly CartLine[];
  readonly ordered: OrderedCart | undefined;
  /** Undefined: the cart of a stranger. */
  readonly saved: SavedMark | undefined;
}

/** How a line is changed: pieces more, pieces in all, or none. */
export type LineChange = 'add' | 'set' | 'remove';
/** What became of a change: a cart holds so many products, and a line so many pieces. */
export type LineOutcome = 'changed' | 'unchanged' | 'cart_full' | 'line_full';

export const cartLinesMax = 50;
export const lineQuantityMax = 10_000;
/** Bytes of id, and of ids of products and orders. */
const idBytes = 16;
const versionMax = 1_000_000_000;
/** Of the largest cart: its head, an order, and fifty lines. */
const cartTextMax = 1_500;
const radix = 36;
const form =
  /^v1\.([\w-]{22})\.([0-9a-z]{1,6})\.(-|[\w-]{44})\.((?:[\w-]{22}[0-9a-z]{1,3}(?:~[\w-]{22}[0-9a-z]{1,3})*)?)(?:\.([0-9a-f]{8})([_~])([0-9a-z]{1,11}))?$/;
const uuidForm = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/;

export function emptyCart(id: string, ordered?: OrderedCart): Cart {
  return { id, version: 0, lines: [], ordered, saved: undefined };
}

/** Undefined for what is no cart. */
export function readCart(text: string): Cart | undefined {
  const [, id, version, ordered, lines, ...mark] = text.length > cartTextMax ? [] : (form.exec(text) ?? []);
  if (id === undefined || version === undefined || ordered === undefined || lines === undefined) return undefined;
  const read = lines === '' ? [] : lines.split('~').map(readLine);
  const known = read.filter((line) => line !== undefined);
  const products = new Set(known.map(({ product_id }) => product_id));
  const isWhole = known.length === read.length && products.size === read.length && read.length <= cartLinesMax;
  const number = Number.parseInt(version, radix);
  if (!isWhole || number > versionMax || !isSecret(id)) return undefined;
  const saved = savedOf(mark);
  if (ordered === '-') return { id, version: number, lines: known, ordered: undefined, saved };
  const [cart_id, order_id] = [ordered.slice(0, 22), uuidOf(ordered.slice(22))];
  if (!isSecret(cart_id) || order_id === undefined) return undefined;
  return { id, version: number, lines: known, ordered: { cart_id, order_id }, saved };
}

function savedOf([owner, same, version]: readonly (string | undefined)[]): SavedMark | undefined {
  if (owner === undefined || version === undefined) return undefined;
  return { owner, version: Number.parseInt(version, radix), is_same: same === '_' };
}

export function writeCart({ id, version, lines, ordered, saved }: Cart): string {
  const before = ordered === undefined ? '-' : `${ordered.cart_id}${shortId(ordered.order_id)}`;
  const text = lines.map(({ product_id, quantity }) => `${shortId(product_id)}${quantity.toString(radix)}`).join('~');
  const mark = saved === undefined ? '' : `.${saved.owner}${saved.is_same ? '_' : '~'}${saved.version.toString(radix)}`;
  return `v1.${id}.${version.toString(radix)}.${before}.${text}${mark}`;
}

/** The cart with this change; with as many pieces as fit where all are too many. */
export function changeLine(
  cart: Cart,
  { product_id, quantity, change }: CartLine & { change: LineChange },
): { cart: Cart; outcome: LineOutcome } {
  const before = cart.lines.find((line) => line.product_id === product_id);
  const wanted = change === 'remove' ? 0 : change === 'add' ? (before?.quantity ?? 0) + quantity : quantity;
  const pieces = Math.min(wanted, lineQuantityMax);
  if (before === undefined && pieces > 0 && cart.lines.length >= cartLinesMax) return { cart, outcome: 'cart_full' };
  const lines = before === undefined ? [...cart.lines, { product_id, quantity: 0 }] : cart.lines;
  const changed = lines
    .map((line) => (line.product_id === product_id ? { product_id, quantity: pieces } : line))
    .filter((line) => line.quantity > 0);
  if (pieces === (before?.quantity ?? 0)) return { cart, outcome: wanted > pieces ? 'line_full' : 'unchanged' };
  return { cart: withLines(cart, changed), outcome: wanted > pieces ? 'line_full' : 'changed' };
}

/** Another cart, under another key; what is saved is not the same any more. */
function withLines(cart: Cart, lines: readonly CartLine[]): Cart {
  return { ...cart, version: cart.version + 1, lines, saved: cart.saved && { ...cart.saved, is_same: false } };
}

/** The same lines under a version that was not ordered yet. */
export function renewCart(cart: Cart): Cart {
  return { ...cart, version: cart.version + 1 };
}

export function piecesIn({ lines }: Pick<Cart, 'lines'>): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** Under which a cart is ordered: once, however often it is sent. */
export function orderKeyOf({ id, version }: Pick<Cart, 'id' | 'version'>): string {
  return `${id}:${version}`;
}

function readLine(text: string): CartLine | undefined {
  const product_id = uuidOf(text.slice(0, 22));
  const digits = text.slice(22);
  const quantity = Number.parseInt(digits, radix);
  const isPlain = quantity >= 1 && quantity <= lineQuantityMax && quantity.toString(radix) === digits;
  return product_id === undefined || !isPlain ? undefined : { product_id, quantity };
}

/** Whether it is the one text of these bytes. */
function isSecret(text: string): boolean {
  return Buffer.from(text, 'base64url').toString('base64url') === text;
}

function uuidOf(short: string): string | undefined {
  const bytes = Buffer.from(short, 'base64url');
  if (bytes.length !== idBytes || bytes.toString('base64url') !== short) return undefined;
  return bytes.toString('hex').replace(uuidForm, '$1-$2-$3-$4-$5');
}

function shortId(uuid: string): string {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url');
}
