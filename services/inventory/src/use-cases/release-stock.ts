/** Gives back what was held for cancelled orders; an unknown order gets a tombstone, so that nothing will ever be held for it. */
import { type EventOf, inventoryReleased, type orderCancelled } from '@souk/contracts';
import { required, timestamp } from '@souk/kernel';
import { causeOf, draft, type EventDraft } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { InventoryContext } from '../context.ts';
import { decideRelease, firstOfEach, leftOf, orderMovements, type Reservation } from '../domain/reservation.ts';
import { byProduct } from '../domain/stock.ts';
import { reservationContradicted, reservationsEnded } from '../events.ts';
import { claimReservations, lockReservations, setStatus } from '../store/reservations.ts';
import { lockStock } from '../store/stock.ts';
import { saveMovements } from './save-movements.ts';

type OrderCancelled = EventOf<typeof orderCancelled>;

export async function releaseStock(ctx: InventoryContext, tx: Tx, events: readonly OrderCancelled[]): Promise<void> {
  const now = timestamp(ctx.clock.now());
  const orders = firstOfEach(events);
  const buried = await claimReservations(
    tx,
    'tombstone',
    [...orders.keys()].map((order_id) => ({ order_id, items: [] })),
    now,
  );
  tx.onCommit(() => reservationsEnded(ctx, 'tombstone', buried.size));
  const known = [...orders.keys()].filter((order_id) => !buried.has(order_id));
  if (known.length === 0) return;

  const reservations = await lockReservations(tx, known);
  for (const { order_id, status } of reservations)
    if (decideRelease(status) === 'contradiction') reservationContradicted(ctx, order_id, status, 'order.cancelled');
  const held = reservations.filter(({ status }) => decideRelease(status) === 'release');
  if (held.length === 0) return;

  const stock = byProduct(await lockStock(tx, productsOf(held)));
  const cancellationOf = (reservation: Reservation): OrderCancelled =>
    required(orders.get(reservation.order_id), 'the cancellation of the order');
  const movements = held.flatMap((reservation) => {
    const { reason, metadata } = cancellationOf(reservation);
    return orderMovements({ ...reservation, items: leftOf(reservation) }, 'released', reason, metadata.actor ?? 'system');
  });
  await Promise.all([
    saveMovements(ctx, tx, stock, movements, now),
    setStatus(
      tx,
      held.map((reservation) => reservation.order_id),
      'released',
      now,
    ),
    ctx.outbox.append(
      tx,
      held.map((reservation) => releasedDraft(reservation, cancellationOf(reservation))),
    ),
  ]);
  tx.onCommit(() => reservationsEnded(ctx, 'released', held.length));
}

export function productsOf(reservations: readonly Reservation[]): string[] {
  return [...new Set(reservations.flatMap((reservation) => reservation.items.map((item) => item.product_id)))];
}

function releasedDraft({ order_id, items }: Reservation, cancelled: OrderCancelled): EventDraft {
  return draft(inventoryReleased, { order_id, items, reason: cancelled.reason }, causeOf(cancelled));
}
