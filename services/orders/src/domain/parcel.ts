/** What goes into a parcel of an order, and what an order shows of its parcels. */
import { type Order, type Parcel, refusal } from '@souk/contracts';
import { timestamp } from '@souk/kernel';

export interface Pieces {
  product_id: string;
  quantity: number;
}

/** Pieces of one product, with its name as it was ordered. */
export interface ParcelLine extends Pieces {
  name: string;
}

/** A parcel as it is stored. */
export interface ParcelRecord {
  id: string;
  number: number;
  items: ParcelLine[];
  carrier: string;
  tracking_number: string;
  tracking_url: string | null;
  /** Null where the order was shipped before parcels were kept. */
  sent_at: string | null;
  delivered_at: string | null;
}

export interface ParcelContent {
  items: ParcelLine[];
  /** What of the order is still to be sent after this parcel. */
  unsent_pieces: number;
}

/** One line for each product, in the order of the products' first lines. */
export function linesByProduct(lines: readonly ParcelLine[]): ParcelLine[] {
  const merged = new Map<string, ParcelLine>();
  for (const { product_id, name, quantity } of lines) {
    const before = merged.get(product_id);
    merged.set(product_id, { product_id, name, quantity: (before?.quantity ?? 0) + quantity });
  }
  return [...merged.values()];
}

/** How many pieces of each product are in these, however many lines name it. */
function countPieces(lines: readonly Pieces[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { product_id, quantity } of lines) counts.set(product_id, (counts.get(product_id) ?? 0) + quantity);
  return counts;
}

/** What of the ordered lines is not among these pieces. */
export function unsentLines(ordered: readonly ParcelLine[], gone: readonly Pieces[]): ParcelLine[] {
  const counts = countPieces(gone);
  return linesByProduct(ordered)
    .map((line) => ({ ...line, quantity: line.quantity - (counts.get(line.product_id) ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
}

export function piecesOf(lines: readonly Pieces[]): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}

/**
 * What a parcel with these pieces holds; everything that is left without them. Throws `parcel_items_unknown`, and `parcel_too_large` where
 * more pieces of a product would have been sent than were ordered, or nothing is left.
 */
export function decideParcel(
  ordered: readonly ParcelLine[],
  gone: readonly Pieces[],
  wanted: readonly Pieces[] | undefined,
): ParcelContent {
  const left = unsentLines(ordered, gone);
  if (left.length === 0) throw refusal('parcel_too_large', 'Everything of this order has been sent.', { left: [] });
  if (wanted === undefined) return { items: left, unsent_pieces: 0 };
  const counts = countPieces(wanted);
  const unknown = [...counts.keys()].filter((product_id) => !ordered.some((line) => line.product_id === product_id));
  if (unknown.length > 0) {
    const errors = unknown.map((product_id) => ({ pointer: '/items', detail: `the order has no product ${product_id}` }));
    throw refusal('parcel_items_unknown', `The order has no product ${unknown.join(', ')}.`, { errors });
  }
  const quantityOf = (product_id: string): number => left.find((line) => line.product_id === product_id)?.quantity ?? 0;
  const short = [...counts].filter(([product_id, quantity]) => quantity > quantityOf(product_id));
  if (short.length > 0) {
    const words = short.map(
      ([product_id, quantity]) => `${quantity} of product ${product_id}, of which ${quantityOf(product_id)} are left`,
    );
    throw refusal('parcel_too_large', `The parcel would hold ${words.join(', ')}.`, {
      left: left.map(({ product_id, quantity }) => ({ product_id, quantity })),
    });
  }
  const items = linesByProduct(ordered)
    .map((line) => ({ ...line, quantity: counts.get(line.product_id) ?? 0 }))
    .filter(({ quantity }) => quantity > 0);
  return { items, unsent_pieces: piecesOf(left) - piecesOf(items) };
}

type SentOrder = Pick<Order, 'id' | 'status' | 'carrier' | 'tracking_number'> & {
  items: readonly ParcelLine[];
  unsent_pieces: number | null;
  parcels: ParcelRecord[] | null;
};

/** Of an order of which a parcel has been sent. */
export function deliveryAfter(unsent_pieces: number | null): 'partial' | 'full' {
  return unsent_pieces !== null && unsent_pieces > 0 ? 'partial' : 'full';
}

/** How an order was sent. */
export function shownDelivery(order: SentOrder): { delivery: NonNullable<Order['delivery']>; parcels: Parcel[] } {
  const { status, unsent_pieces } = order;
  if (status !== 'shipped' && status !== 'completed') return { delivery: 'none', parcels: [] };
  return { delivery: deliveryAfter(unsent_pieces), parcels: (order.parcels ?? [wholeParcel(order)]).map(shownParcel) };
}

/** The parcel of an order that was shipped as a whole before parcels were kept; its id is that of the order. */
export function wholeParcel({
  id,
  items,
  carrier,
  tracking_number,
}: Omit<SentOrder, 'unsent_pieces' | 'parcels' | 'status'>): ParcelRecord {
  return {
    id,
    number: 1,
    items: linesByProduct(items),
    carrier: carrier ?? '',
    tracking_number: tracking_number ?? '',
    tracking_url: null,
    sent_at: null,
    delivered_at: null,
  };
}

/** Members in the order of the contract; times that come out of JSON in the form of the wire. */
export function shownParcel({ id, number, items, carrier, tracking_number, tracking_url, sent_at, delivered_at }: ParcelRecord): Parcel {
  return {
    id,
    number,
    items: items.map(({ product_id, name, quantity }) => ({ product_id, name, quantity })),
    carrier,
    tracking_number,
    tracking_url,
    ...(sent_at !== null && { sent_at: inWireForm(sent_at) }),
    delivered_at: delivered_at === null ? null : inWireForm(delivered_at),
  };
}

function inWireForm(time: string): string {
  return timestamp(Date.parse(time));
}
