/** Takes what was held for shipped orders out of stock. What an order's creation has not brought here yet is waited for. */
import { type EventOf, type orderShipped, refusal } from '@souk/contracts';
import { required, timestamp } from '@souk/kernel';
import type { Failure } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { InventoryContext } from '../context.ts';
import { firstOfEach, orderMovements } from '../domain/reservation.ts';
import { byProduct } from '../domain/stock.ts';
import { reservationContradicted, reservationsEnded } from '../events.ts';
import { lockReservations, setStatus } from '../store/reservations.ts';
import { lockStock } from '../store/stock.ts';
import { productsOf } from './release-stock.ts';
import { saveMovements } from './save-movements.ts';

type OrderShipped = EventOf<typeof orderShipped>;

export async function shipStock(ctx: InventoryContext, tx: Tx, events: readonly OrderShipped[]): Promise<Failure[]> {
  const now = timestamp(ctx.clock.now());
  const orders = firstOfEach(events);
  const reservations = await lockReservations(tx, [...orders.keys()]);
  const known = new Set(reservations.map((reservation) => reservation.order_id));
  const held = reservations.filter((reservation) => reservation.status === 'held');
  for (const { order_id, status } of reservations) {
    if (status !== 'held' && status !== 'shipped') reservationContradicted(ctx, order_id, status, 'order.shipped');
  }
  if (held.length > 0) {
    const stock = byProduct(await lockStock(tx, productsOf(held)));
    const movements = held.flatMap((reservation) => {
      const { metadata } = required(orders.get(reservation.order_id), 'the shipment of the order');
      return orderMovements(reservation, 'shipped', null, metadata.actor ?? 'system');
    });
    await Promise.all([
      saveMovements(ctx, tx, stock, movements, now),
      setStatus(
        tx,
        held.map((reservation) => reservation.order_id),
        'shipped',
        now,
      ),
    ]);
    tx.onCommit(() => reservationsEnded(ctx, 'shipped', held.length));
  }
  return events
    .filter((event) => !known.has(event.order_id))
    .map(({ event_id, order_id }) => ({
      event_id,
      error: refusal('order_unseen', `Nothing has been held for order ${order_id} yet.`, { order_id }),
    }));
}
