/** What is held for an order, from its creation or cancellation (whichever is received first) to its end. */
import type { Movement, MovementKind } from './stock.ts';

/** `tombstone`: the order was cancelled before its creation was received, so nothing is ever held for it. */
export type ReservationStatus = 'held' | 'released' | 'shipped' | 'rejected' | 'tombstone';

export interface Line {
  product_id: string;
  quantity: number;
}

export interface Reservation {
  order_id: string;
  status: ReservationStatus;
  /** As the order has them; one product may be on several lines. */
  items: Line[];
}

/** One line for each product, in the order of the products' first lines. */
export function mergeLines(lines: readonly Line[]): Line[] {
  if (lines.length === 1) return [...lines];
  const quantities = new Map<string, number>();
  for (const { product_id, quantity } of lines) quantities.set(product_id, (quantities.get(product_id) ?? 0) + quantity);
  return [...quantities].map(([product_id, quantity]) => ({ product_id, quantity }));
}

type OrderMovementKind = Extract<MovementKind, 'reserved' | 'released' | 'shipped'>;

/** What becomes of on_hand and reserved for each piece. */
const effects: Readonly<Record<OrderMovementKind, { on_hand: number; reserved: number }>> = {
  reserved: { on_hand: 0, reserved: 1 },
  released: { on_hand: 0, reserved: -1 },
  shipped: { on_hand: -1, reserved: -1 },
};

/** The movements of an order's lines, one for each product. */
export function orderMovements(
  order: Pick<Reservation, 'order_id' | 'items'>,
  kind: OrderMovementKind,
  reason: string | null,
  actor: string,
): Movement[] {
  const { on_hand, reserved } = effects[kind];
  return mergeLines(order.items).map(({ product_id, quantity }) => ({
    product_id,
    kind,
    // Adding zero turns the -0 of `0 * -1` into 0.
    on_hand_change: on_hand * quantity + 0,
    reserved_change: reserved * quantity,
    order_id: order.order_id,
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
