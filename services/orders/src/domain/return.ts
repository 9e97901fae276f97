/**
 * Returns: who may send back what, in which state what may happen, and what is given back. Amounts are minor units. Everything is decided
 * from what the order has frozen, so that no rule that changed since, and no other return, moves a discount or a tax.
 */
import { type Return, refusal } from '@souk/contracts';
import { toMajor } from '@souk/kernel';
import type { OrderLine } from './price-order.ts';

export type ReturnState = Return['state'];

export interface ReturnLine {
  product_id: string;
  name: string;
  /** Pieces that were announced. */
  quantity: number;
  reason?: string;
  /** Pieces that arrived. */
  restock: number;
  write_off: number;
  /** How many pieces of the product money was asked for before these; null until it is asked for these. It stays, so that no piece is ever paid for twice. */
  from: number | null;
}

export interface ReturnRefundRecord {
  refund_id: string | null;
  items_amount: number;
  shipping_amount: number;
  deduction: number;
  amount: number;
  reason?: string;
}

export interface ReturnRecord {
  id: string;
  number: string;
  order_id: string;
  user_id: string;
  state: ReturnState;
  items: ReturnLine[];
  currency: string;
  refund: ReturnRefundRecord | null;
  /** States of which the customer was notified, in the order in which they came. */
  announced: string[];
  version: number;
  created_at: string;
  updated_at: string;
}

interface Pieces {
  product_id: string;
  quantity: number;
}

/** What staff may do, and in which states. */
export type ReturnStep = 'approve' | 'reject' | 'close' | 'receive' | 'refund';
const allowedIn: Readonly<Record<ReturnStep, ReturnState>> = {
  approve: 'requested',
  reject: 'requested',
  close: 'approved',
  receive: 'approved',
  refund: 'received',
};

/** Throws `return_not_open`. */
export function checkStep({ state }: Pick<ReturnRecord, 'state'>, step: ReturnStep): void {
  if (state !== allowedIn[step]) throw refusal('return_not_open', `The return is ${state}.`, { state });
}

/** Pieces of a return that count: those that arrived, before that those that were announced, none where it has ended without goods. */
export function countedPieces({ state, items }: Pick<ReturnRecord, 'state' | 'items'>): Pieces[] {
  if (state === 'rejected' || state === 'closed') return [];
  const announced = state === 'requested' || state === 'approved';
  return items.map(({ product_id, quantity, restock, write_off }) => ({
    product_id,
    quantity: announced ? quantity : restock + write_off,
  }));
}

/** The states that were announced, with the one that it comes to now. That a refund is on its way is no news: that it was made is. */
export function announcedWith(announced: readonly string[], state: ReturnState): string[] {
  return state === 'refunding' || announced.includes(state) ? [...announced] : [...announced, state];
}

const arrivedStates: ReadonlySet<string> = new Set(['received', 'refunded']);

/** What a notification of this state is about: what was announced; once goods have arrived, what arrived. */
export function announcedItems(items: readonly ReturnLine[], state: string): (Pieces & { name: string })[] {
  return items
    .map(({ product_id, name, quantity, restock, write_off }) => ({
      product_id,
      name,
      quantity: arrivedStates.has(state) ? restock + write_off : quantity,
    }))
    .filter(({ quantity }) => quantity > 0);
}

function quantityOf(pieces: readonly Pieces[], product_id: string): number {
  return pieces.reduce((sum, one) => sum + (one.product_id === product_id ? one.quantity : 0), 0);
}

/** The lines of a new return. Throws `return_items_unknown`, and `return_too_large` where more would come back than was sent. */
export function decideReturn(
  lines: readonly OrderLine[],
  sent: readonly Pieces[],
  others: readonly ReturnRecord[],
  wanted: readonly { product_id: string; quantity: number; reason?: string | undefined }[],
): ReturnLine[] {
  const counted = others.flatMap(countedPieces);
  const products = [...new Set(wanted.map(({ product_id }) => product_id))];
  return products.map((product_id) => {
    const line = lines.find((one) => one.product_id === product_id);
    if (line === undefined) throw unknownItem(product_id);
    const quantity = quantityOf(wanted, product_id);
    const left = quantityOf(sent, product_id) - quantityOf(counted, product_id);
    if (quantity > left) throw tooLarge(product_id, quantity, left);
    const reason = wanted.find((one) => one.product_id === product_id && one.reason !== undefined)?.reason;
    return { product_id, name: line.name, quantity, ...(reason !== undefined && { reason }), restock: 0, write_off: 0, from: null };
  });
}

/** The lines with what has arrived. Throws `return_items_unknown`, and `return_too_large` where more arrived than was announced, or nothing. */
export function decideReceipt(
  lines: readonly ReturnLine[],
  arrived: readonly { product_id: string; restock: number; write_off: number }[],
): ReturnLine[] {
  for (const { product_id } of arrived) if (!lines.some((line) => line.product_id === product_id)) throw unknownItem(product_id);
  const received = lines.map((line) => {
    const of_line = arrived.filter(({ product_id }) => product_id === line.product_id);
    const restock = of_line.reduce((sum, one) => sum + one.restock, 0);
    const write_off = of_line.reduce((sum, one) => sum + one.write_off, 0);
    if (restock + write_off > line.quantity) throw tooLarge(line.product_id, restock + write_off, line.quantity);
    return { ...line, restock, write_off };
  });
  if (received.every(({ restock, write_off }) => restock + write_off === 0))
    throw refusal('return_too_large', 'Nothing has arrived: close the return instead.');
  return received;
}

/** What pieces `from + 1` to `from + quantity` of a line carry of an amount: any split of a line adds up to exactly the amount. */
export function shareOfPieces(amount: number, line_quantity: number, from: number, quantity: number): number {
  const upTo = (pieces: number): number => Number((BigInt(amount) * BigInt(pieces)) / BigInt(line_quantity));
  return upTo(from + quantity) - upTo(from);
}

export interface RefundTerms {
  shipping: 'none' | 'share' | 'all';
  deduction: number;
}

/** The lines with their places among the refunded pieces, and the sums. Throws `deduction_too_large`. */
export function decideRefund(
  lines: readonly OrderLine[],
  returned: ReturnRecord,
  others: readonly ReturnRecord[],
  { shipping, deduction }: RefundTerms,
): { items: ReturnLine[]; refund: Omit<ReturnRefundRecord, 'refund_id' | 'reason'> } {
  const items = returned.items.map((line) => ({ ...line, from: line.from ?? placedBefore(others, line.product_id) }));
  let [items_amount, shipping_share] = [0, 0];
  for (const { product_id, restock, write_off, from } of items) {
    const line = lines.find((one) => one.product_id === product_id);
    if (line === undefined) throw unknownItem(product_id);
    items_amount += shareOfPieces(line.paid ?? line.line_total, line.quantity, from, restock + write_off);
    shipping_share += shareOfPieces(line.shipping ?? 0, line.quantity, from, restock + write_off);
  }
  const given = others.reduce((sum, { state, refund }) => sum + (isPaidBack(state) ? (refund?.shipping_amount ?? 0) : 0), 0);
  const shipping_left = lines.reduce((sum, line) => sum + (line.shipping ?? 0), 0) - given;
  const shipping_amount = { none: 0, share: Math.min(shipping_share, shipping_left), all: shipping_left }[shipping];
  const amount = items_amount + shipping_amount - deduction;
  if (amount < 0) throw refusal('deduction_too_large', 'More would be kept than goes back.', { pointer: '/deduction' });
  return { items, refund: { items_amount, shipping_amount, deduction, amount } };
}

function isPaidBack(state: ReturnState): boolean {
  return state === 'refunding' || state === 'refunded';
}

/** Pieces of the product that have a place already, also those whose refund was refused. */
function placedBefore(others: readonly ReturnRecord[], product_id: string): number {
  const lines = others.flatMap(({ items }) => items).filter((line) => line.product_id === product_id && line.from !== null);
  return lines.reduce((sum, { restock, write_off }) => sum + restock + write_off, 0);
}

/** The return in the shape of its contract. */
export function shownReturn({ items, refund, currency, ...record }: ReturnRecord): Return {
  const { id, number, order_id, user_id, state, version, created_at, updated_at } = record;
  return {
    id,
    number,
    order_id,
    user_id,
    state,
    items: items.map(({ product_id, name, quantity, reason, restock, write_off }) => ({
      product_id,
      name,
      quantity,
      ...(reason !== undefined && { reason }),
      restock,
      write_off,
    })),
    currency,
    refund: refund && shownRefund(refund, currency),
    version,
    created_at,
    updated_at,
  };
}

export function shownRefund(refund: ReturnRefundRecord, currency: string): NonNullable<Return['refund']> {
  return {
    refund_id: refund.refund_id,
    items_amount: toMajor(refund.items_amount, currency),
    shipping_amount: toMajor(refund.shipping_amount, currency),
    deduction: toMajor(refund.deduction, currency),
    amount: toMajor(refund.amount, currency),
    ...(refund.reason !== undefined && { reason: refund.reason }),
  };
}

function unknownItem(product_id: string): Error {
  const errors = [{ pointer: '/items', detail: `there is no product ${product_id} in it` }];
  return refusal('return_items_unknown', `There is no product ${product_id} in it.`, { errors });
}

function tooLarge(product_id: string, quantity: number, left: number): Error {
  return refusal('return_too_large', `${quantity} of product ${product_id} would come back, at most ${left} can.`, { product_id, left });
}
