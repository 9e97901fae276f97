/** Takes what was held for shipped orders out of stock, parcel by parcel. What an order's creation has not brought here yet is waited for. */
import { type EventOf, type orderParcelSent, type orderShipped, refusal } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Failure } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { InventoryContext } from '../context.ts';
import { bookShipment, orderMovements, type Reservation } from '../domain/reservation.ts';
import { byProduct, type Movement } from '../domain/stock.ts';
import { reservationContradicted, reservationsEnded } from '../events.ts';
import { lockReservations, saveShipped } from '../store/reservations.ts';
import { lockStock } from '../store/stock.ts';
import { saveMovements } from './save-movements.ts';

type Sent = EventOf<typeof orderShipped> | EventOf<typeof orderParcelSent>;

export async function shipStock(ctx: InventoryContext, tx: Tx, events: readonly Sent[]): Promise<Failure[]> {
  const locked = await lockReservations(tx, [...new Set(events.map(({ order_id }) => order_id))]);
  const known = new Map(locked.map((reservation) => [reservation.order_id, reservation]));
  const { movements, changed } = book(ctx, known, events);
  if (movements.length > 0) {
    const now = timestamp(ctx.clock.now());
    const stock = byProduct(await lockStock(tx, [...new Set(movements.map(({ product_id }) => product_id))]));
    await Promise.all([saveMovements(ctx, tx, stock, movements, now), saveShipped(tx, changed, now)]);
    const ended = changed.filter(({ status }) => status === 'shipped').length;
    tx.onCommit(() => reservationsEnded(ctx, 'shipped', ended));
  }
  return events
    .filter((event) => !known.has(event.order_id))
    .map(({ event_id, order_id }) => ({
      event_id,
      error: refusal('order_unseen', `Nothing has been held for order ${order_id} yet.`, { order_id }),
    }));
}

/** One event after the other, each on what those before it have left. */
function book(
  ctx: InventoryContext,
  locked: ReadonlyMap<string, Reservation>,
  events: readonly Sent[],
): { movements: Movement[]; changed: Reservation[] } {
  const changed = new Map<string, Reservation>();
  const movements: Movement[] = [];
  for (const { order_id, event_type, parcel_id, items, metadata } of events) {
    const reservation = changed.get(order_id) ?? locked.get(order_id);
    if (reservation === undefined) continue;
    const booking = bookShipment(reservation, { parcel_id, items });
    if (booking.kind === 'contradiction') reservationContradicted(ctx, order_id, reservation.status, event_type);
    if (booking.kind !== 'ship') continue;
    changed.set(order_id, booking.after);
    movements.push(...orderMovements({ order_id, items: booking.items }, 'shipped', null, metadata.actor ?? 'system', parcel_id ?? null));
  }
  return { movements, changed: [...changed.values()] };
}
