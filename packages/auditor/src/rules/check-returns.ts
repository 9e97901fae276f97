/** Returns: what came back against what was sent, what went back into stock, and what money was given for it. */
import type { OrderedItem, OrderMovements, PaymentRecord, ReservationRecord, Suspicion } from '../audit-records.ts';
import type { ReturnRecord } from '../delivery-records.ts';
import type { RefundRecord } from '../money-records.ts';
import { type KnownOrder, type OrderRecords, piecesOf } from './order-records.ts';
import { wasGiven } from './refund-fates.ts';

/** Finds an order of which more came back than was sent, or other pieces went into stock, or other money was given back. */
export function checkReturns(order: KnownOrder, { reservation, payment }: OrderRecords): Suspicion[] {
  const { order_id, returns = [] } = order;
  const found = (rule: string, detail: string | undefined): Suspicion[] =>
    detail === undefined ? [] : [{ rule, detail, ids: [order_id] }];
  return [
    ...found('returned_too_much', wrongInPieces(order, returns)),
    ...found('restock_differs', wrongInStock(returns, reservation)),
    ...found('refund_differs', wrongInAmounts(order, returns) ?? wrongInMoney(returns, payment)),
  ];
}

const arrived: readonly ReturnRecord['state'][] = ['received', 'refunding', 'refunded'];
const paidBack: readonly ReturnRecord['state'][] = ['refunding', 'refunded'];

function wrongInPieces({ status, items, parcels }: KnownOrder, returns: readonly ReturnRecord[]): string | undefined {
  const was_sent = status === 'shipped' || status === 'completed';
  const sent = piecesOf(was_sent ? (parcels?.flatMap((parcel) => parcel.items) ?? items) : []);
  const back = piecesOf(returns.flatMap(countedOf));
  for (const [product_id, quantity] of back) {
    const most = sent.get(product_id) ?? 0;
    if (quantity > most) return `${quantity} of product ${product_id} are in returns, sent were ${most}`;
  }
  return undefined;
}

function countedOf({ state, items }: ReturnRecord) {
  if (state === 'rejected' || state === 'closed') return [];
  const pieces = ({ quantity, restock, write_off }: ReturnRecord['items'][number]) =>
    arrived.includes(state) ? restock + write_off : quantity;
  return items.map((line) => ({ product_id: line.product_id, quantity: pieces(line) }));
}

/** Each return brings each product back once. */
function wrongInStock(returns: readonly ReturnRecord[], reservation: ReservationRecord | undefined): string | undefined {
  const expected = returns
    .filter(({ state }) => arrived.includes(state))
    .flatMap(({ items }) => items.filter(({ restock }) => restock > 0).map(({ product_id, restock }) => `${restock} × ${product_id}`));
  const booked = (reservation?.movements ?? []).filter(({ kind }) => kind === 'returned').map(movedText);
  if (expected.sort().join() === booked.sort().join()) return undefined;
  return `returned to stock were ${booked.join(', ') || 'none'}, and ought to be ${expected.join(', ') || 'none'}`;
}

function movedText({ product_id, on_hand_change, reserved_change, movements }: OrderMovements): string {
  const more = reserved_change === 0 && movements === 1 ? '' : ` with ${reserved_change} reserved in ${movements} movements`;
  return `${on_hand_change} × ${product_id}${more}`;
}

/** What was frozen for the pieces, worked out once more; no piece is paid for twice. */
function wrongInAmounts({ items }: KnownOrder, returns: readonly ReturnRecord[]): string | undefined {
  const places = new Map<string, number>();
  const placed = returns.flatMap((one) => one.items).filter(({ from }) => from !== null);
  for (const { product_id, from, restock, write_off } of placed.sort((left, right) => (left.from ?? 0) - (right.from ?? 0))) {
    if (from !== (places.get(product_id) ?? 0)) return `pieces of product ${product_id} are refunded from piece ${from} on`;
    places.set(product_id, (from ?? 0) + restock + write_off);
  }
  for (const { return_id, refund, items: lines } of returns) {
    if (refund === null) continue;
    const owed = lines.reduce((sum, line) => sum + amountOf(items, line), 0);
    if (refund.items_amount !== owed)
      return `return ${return_id} is refunded ${refund.items_amount} for its pieces, which were ${owed} (minor units)`;
    if (refund.amount !== refund.items_amount + refund.shipping_amount - refund.deduction)
      return `the parts of the refund of return ${return_id} do not come to ${refund.amount} (minor units)`;
  }
  const shipping = items.reduce((sum, line) => sum + (line.shipping ?? 0), 0);
  const given = returns.reduce((sum, { state, refund }) => sum + (paidBack.includes(state) ? (refund?.shipping_amount ?? 0) : 0), 0);
  return given > shipping ? `${given} of shipping are given back, paid were ${shipping} (minor units)` : undefined;
}

function amountOf(items: readonly OrderedItem[], { product_id, from, restock, write_off }: ReturnRecord['items'][number]): number {
  const line = items.find((one) => one.product_id === product_id);
  if (line === undefined || from === null) return 0;
  const upTo = (pieces: number): number => Number((BigInt(line.paid ?? line.line_total) * BigInt(pieces)) / BigInt(line.quantity));
  return upTo(from + restock + write_off) - upTo(from);
}

/** Refund by refund, under the id that was asked for. */
function wrongInMoney(returns: readonly ReturnRecord[], payment: PaymentRecord | undefined): string | undefined {
  const expected = returns
    .filter(({ state, refund }) => paidBack.includes(state) && refund?.refund_id)
    .map(({ state, refund }) => `${refund?.refund_id} over ${refund?.amount}${state === 'refunded' ? ' done' : ''}`);
  const made = (payment?.refunds ?? [])
    .filter(({ kind }) => kind === 'return')
    .map((refund) => `${refund.id} over ${refund.amount}${hasGone(refund, payment?.refunds ?? []) ? ' done' : ''}`);
  if (expected.sort().join() === made.sort().join()) return undefined;
  return `refunds of returns are ${made.join(', ') || 'none'}, and ought to be ${expected.join(', ') || 'none'} (minor units)`;
}

/** Whether the money of a refund was given back once, be it that it came back later or went by the refund that followed. */
function hasGone(refund: RefundRecord, refunds: readonly RefundRecord[]): boolean {
  if (wasGiven(refund)) return true;
  const next = refunds.find(({ id }) => id === refund.retried_as);
  return next !== undefined && hasGone(next, refunds);
}
