/** What is held for an order, from its creation or cancellation (whichever is received first) to its end. */
import type { Movement, MovementKind } from './stock.ts';

/** `tombstone`: the order was cancelled before its creation was received, so nothing is ever held for it. */
export type ReservationStatus = 'held' | 'released' | 'shipped' | 'rejected' | 'tombstone';

/** What a cancelled or shipped order means for what is known of it; `contradiction`: the order cannot have gone both ways. */
export type ReservationStep = 'release' | 'ship' | 'nothing' | 'contradiction';

/** A cancellation releases what is held. A tombstone was written before, where nothing was known of the order. */
export function decideRelease(status: ReservationStatus): ReservationStep {
  if (status === 'held') return 'release';
  return status === 'shipped' ? 'contradiction' : 'nothing';
}

/** A shipment takes what is held out of stock. */
export function decideShipment(status: ReservationStatus): ReservationStep {
  if (status === 'held') return 'ship';
  return status === 'shipped' ? 'nothing' : 'contradiction';
}

export interface Line {
  product_id: string;
  quantity: number;
}

export interface Reservation {
  order_id: string;
  status: ReservationStatus;
  /** As the order has them; one product may be on several lines. */
  items: Line[];
  /** What has left in parcels; null where nothing has, or all of it as a whole. */
  shipped_items: ShippedLine[] | null;
}

/** Pieces of one product in one parcel. */
export interface ShippedLine extends Line {
  parcel_id: string;
}

/** What was sent of an order; everything that is left without `items`. */
export interface Shipment {
  parcel_id?: string | undefined;
  items?: readonly Line[] | undefined;
}

export type Booking =
  /** These pieces leave, and the reservation is this from then on. */
  { kind: 'ship'; items: Line[]; after: Reservation } | { kind: 'nothing' } | { kind: 'contradiction' };

/** Takes what was sent out of what is held: each parcel once, in whatever order they are received, never more than is held. */
export function bookShipment(reservation: Reservation, { parcel_id, items }: Shipment): Booking {
  const { status, shipped_items } = reservation;
  if (parcel_id !== undefined && shipped_items?.some((line) => line.parcel_id === parcel_id)) return { kind: 'nothing' };
  const step = decideShipment(status);
  // What left as a whole has left, also where its parcel is named afterwards; of what left in parcels each is known.
  if (step === 'nothing') return { kind: parcel_id === undefined || shipped_items === null ? 'nothing' : 'contradiction' };
  if (step !== 'ship') return { kind: 'contradiction' };
  const left = leftOf(reservation);
  const wanted = items === undefined ? left : mergeLines(items);
  if (!wanted.every(({ product_id, quantity }) => quantity <= quantityOf(left, product_id))) return { kind: 'contradiction' };
  if (parcel_id === undefined) return { kind: 'ship', items: wanted, after: { ...reservation, status: 'shipped' } };
  const booked = [...(shipped_items ?? []), ...wanted.map(({ product_id, quantity }) => ({ parcel_id, product_id, quantity }))];
  const after: Reservation = { ...reservation, shipped_items: booked };
  return { kind: 'ship', items: wanted, after: leftOf(after).length === 0 ? { ...after, status: 'shipped' } : after };
}

/** What is still held of a reservation that holds something, one line for each product. */
export function leftOf({ items, shipped_items }: Pick<Reservation, 'items' | 'shipped_items'>): Line[] {
  const gone = mergeLines(shipped_items ?? []);
  return mergeLines(items)
    .map(({ product_id, quantity }) => ({ product_id, quantity: quantity - quantityOf(gone, product_id) }))
    .filter(({ quantity }) => quantity > 0);
}

function quantityOf(lines: readonly Line[], product_id: string): number {
  return lines.find((line) => line.product_id === product_id)?.quantity ?? 0;
}

/** One line for each product, in the order of the products' first lines. */
export function mergeLines(lines: readonly Line[]): Line[] {
  if (lines.length === 1) return [...lines];
  const quantities = new Map<string, number>();
  for (const { product_id, quantity } of lines) quantities.set(product_id, (quantities.get(product_id) ?? 0) + quantity);
  return [...quantities].map(([product_id, quantity]) => ({ product_id, quantity }));
}

type OrderMovementKind = Extract<MovementKind, 'reserved' | 'released' | 'shipped' | 'returned'>;

/** What becomes of on_hand and reserved for each piece. */
const effects: Readonly<Record<OrderMovementKind, { on_hand: number; reserved: number }>> = {
  reserved: { on_hand: 0, reserved: 1 },
  released: { on_hand: 0, reserved: -1 },
  shipped: { on_hand: -1, reserved: -1 },
  returned: { on_hand: 1, reserved: 0 },
};

/** The movements of an order's lines, one for each product. */
export function orderMovements(
  order: Pick<Reservation, 'order_id' | 'items'>,
  kind: OrderMovementKind,
  reason: string | null,
  actor: string,
  source_id: string | null = null,
): Movement[] {
  const { on_hand, reserved } = effects[kind];
  return mergeLines(order.items).map(({ product_id, quantity }) => ({
    product_id,
    kind,
    on_hand_change: on_hand * quantity,
    reserved_change: reserved * quantity,
    order_id: order.order_id,
    source_id,
    reason,
    actor,
  }));
}

/** The first of the messages about each order, in the order of the queue; the others repeat it. */
export function firstOfEach<M extends { order_id: string }>(messages: readonly M[]): Map<string, M> {
  const first = new Map<string, M>();
  for (const message of messages) if (!first.has(message.order_id)) first.set(message.order_id, message);
  return first;
}
