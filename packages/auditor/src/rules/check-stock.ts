/** Stock: what is held for an order against the order and the ledger, and the counts of a product against the ledger. */
import type { MovementKind, OrderMovements, OrderStatus, ReservationRecord, StockRecord, Suspicion } from '../audit-records.ts';
import { hasBeen, itemsText, type KnownOrder, type OrderRecords, piecesOf } from './order-records.ts';

type ReservationStatus = NonNullable<ReservationRecord['status']>;

/** What a reservation of this status has moved for each piece, once each. */
const movedBy: Readonly<Record<ReservationStatus, readonly MovementKind[]>> = {
  held: ['reserved'],
  released: ['reserved', 'released'],
  shipped: ['reserved', 'shipped'],
  rejected: [],
  tombstone: [],
};
const effects: Readonly<Record<MovementKind, { on_hand: number; reserved: number } | undefined>> = {
  reserved: { on_hand: 0, reserved: 1 },
  released: { on_hand: 0, reserved: -1 },
  shipped: { on_hand: -1, reserved: -1 },
  received: undefined,
  adjusted: undefined,
  // Judged with the returns of the order.
  returned: undefined,
};

/** What the reservation of an order in this status must be. */
const reservationOf: Readonly<Record<OrderStatus, readonly ReservationStatus[]>> = {
  pending: [],
  awaiting_payment: ['held'],
  confirmed: ['held'],
  shipped: ['shipped'],
  completed: ['shipped'],
  cancelled: ['released', 'rejected', 'tombstone'],
};

/** What is wrong between an order, its reservation and the movements of both. */
export function checkReservation(order: KnownOrder, records: OrderRecords): Suspicion[] {
  const { reservation } = records;
  return [...checkStatus(order, reservation), ...checkItems(order, reservation), ...checkMovements(records)];
}

function checkStatus(order: KnownOrder, reservation: ReservationRecord | undefined): Suspicion[] {
  const { status } = order;
  const ids = [order.order_id];
  const held = reservation?.status ?? 'missing';
  if (status === 'pending') return checkUnanswered(order, reservation?.status);
  if (reservationsOf(order).includes(held)) {
    if (status !== 'cancelled' || isPossible(order, held)) return [];
    return [{ rule: 'rejection_differs', detail: `order is cancelled (${order.cancel_reason}), its reservation is ${held}`, ids }];
  }
  if (status === 'cancelled') {
    const rule = held === 'missing' ? 'cancellation_unknown' : 'cancelled_holds_stock';
    return [{ rule, detail: `order is cancelled, its reservation is ${held}`, ids }];
  }
  const rule = status === 'awaiting_payment' ? 'awaited_without_stock' : 'sold_without_stock';
  return [{ rule, detail: `order is ${status}, its reservation is ${held}`, ids }];
}

/** What is to be sent later is still held. */
function reservationsOf({ status, unsent_pieces }: KnownOrder): readonly string[] {
  return status === 'shipped' && (unsent_pieces ?? 0) > 0 ? ['held'] : reservationOf[status];
}

/** What was out of stock is rejected; what awaited its payment was held. A person or time may cancel while either is on its way. */
function isPossible(order: KnownOrder, held: string): boolean {
  if (hasBeen(order, 'awaiting_payment')) return held === 'released';
  return order.cancel_reason !== 'out_of_stock' || held === 'rejected';
}

function checkUnanswered(order: KnownOrder, status: ReservationRecord['status'] | undefined): Suspicion[] {
  const ids = [order.order_id];
  if (status === 'held' || status === 'rejected') {
    const detail = `order is pending, although its reservation is ${status} and nothing is on its way`;
    return [{ rule: 'answer_lost', detail, ids, explained_by_dead_letter: true }];
  }
  if (status === undefined || status === null) return [];
  return [{ rule: 'ended_without_order', detail: `order is pending, its reservation is ${status}`, ids }];
}

function checkItems(order: KnownOrder, reservation: ReservationRecord | undefined): Suspicion[] {
  if (!reservation?.status || reservation.status === 'tombstone') return [];
  const [ordered, reserved] = [itemsText(order.items), itemsText(reservation.items)];
  if (ordered === reserved) return [];
  return [{ rule: 'reserved_differs_from_items', detail: `ordered ${ordered}, reserved ${reserved}`, ids: [order.order_id] }];
}

/** Finds an order whose movements are not those of its reservation: each piece reserved once, and released or shipped once. */
export function checkMovements({ order_id, reservation }: OrderRecords): Suspicion[] {
  if (!reservation) return [];
  const { status, items, movements } = reservation;
  const whole = status === null ? [] : movedBy[status].filter((kind) => kind !== 'shipped' || !reservation.shipped_items);
  const expected = [
    ...whole.flatMap((kind) => [...piecesOf(items)].map((piece) => movementText(kind, ...piece, 1))),
    ...shippedMovements(reservation),
  ];
  const found = booked(movements.filter(({ kind }) => kind !== 'returned')).map((one) =>
    movementText(one.kind, one.product_id, piecesMoved(one), one.movements),
  );
  if (expected.sort().join() === found.sort().join()) return [];
  const detail = `the reservation is ${status ?? 'missing'}; its ledger has ${found.join(', ') || 'nothing'} instead of ${expected.join(', ') || 'nothing'}`;
  return [{ rule: 'movements_differ', detail, ids: [order_id] }];
}

/** Each parcel moves each of its products once. */
function shippedMovements({ shipped_items }: ReservationRecord): string[] {
  const lines = shipped_items ?? [];
  return [...piecesOf(lines)].map(([product_id, pieces]) => {
    const parcels = lines.filter((line) => line.product_id === product_id).length;
    return movementText('shipped', product_id, pieces, parcels);
  });
}

/** By product and kind, in however many lines they are. */
function booked(movements: readonly OrderMovements[]): OrderMovements[] {
  const sums = new Map<string, OrderMovements>();
  for (const one of movements) {
    const key = `${one.kind} ${one.product_id}`;
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? one : added(sum, one));
  }
  return [...sums.values()];
}

function added(sum: OrderMovements, one: OrderMovements): OrderMovements {
  return {
    ...sum,
    on_hand_change: sum.on_hand_change + one.on_hand_change,
    reserved_change: sum.reserved_change + one.reserved_change,
    movements: sum.movements + one.movements,
  };
}

/** How many pieces a movement is about; not a number when it moves what its kind does not. */
function piecesMoved({ kind, on_hand_change, reserved_change }: OrderMovements): number {
  const effect = effects[kind];
  if (effect === undefined) return Number.NaN;
  const pieces = reserved_change / effect.reserved;
  return on_hand_change === effect.on_hand * pieces || (effect.on_hand === 0 && on_hand_change === 0) ? pieces : Number.NaN;
}

function movementText(kind: string, product_id: string, pieces: number, times: number): string {
  return `${kind} ${pieces} × ${product_id}${times === 1 ? '' : ` in ${times} movements`}`;
}

/** What is wrong with the stock of one product: counts against the sums of its movements, and overselling. */
export function checkStock(stock: StockRecord): Suspicion[] {
  const ids = [stock.product_id];
  const found: Suspicion[] = [];
  if (stock.on_hand !== stock.movements_on_hand)
    found.push({ rule: 'on_hand_differs', detail: `on hand is ${stock.on_hand}, the movements sum to ${stock.movements_on_hand}`, ids });
  if (stock.reserved !== stock.movements_reserved)
    found.push({
      rule: 'reserved_differs',
      detail: `reserved is ${stock.reserved}, the movements sum to ${stock.movements_reserved}`,
      ids,
    });
  if (stock.movements_misplaced > 0) {
    const detail = `${stock.movements_misplaced} movements belong to no order and ought to, or belong to one and ought not to`;
    found.push({ rule: 'movements_misplaced', detail, ids });
  }
  if (stock.openings > 1) found.push({ rule: 'opened_twice', detail: `the opening stock was received ${stock.openings} times`, ids });
  if (stock.reserved < 0 || stock.reserved > stock.on_hand)
    found.push({ rule: 'oversold', detail: `${stock.reserved} reserved of ${stock.on_hand} on hand`, ids });
  return found;
}
