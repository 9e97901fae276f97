/**
 * An order that is published once more, after a restore, may never have received what became of its stock: what this service
 * decided about it is published again. Nothing else is done for an order that has a reservation.
 */
import type { EventOf, orderCreated } from '@souk/contracts';
import type { Tx } from '@souk/postgres';
import type { InventoryContext } from '../context.ts';
import { mergeLines, type Reservation } from '../domain/reservation.ts';
import { availableOf, byProduct, type Stock } from '../domain/stock.ts';
import { lockReservations } from '../store/reservations.ts';
import { lockStock } from '../store/stock.ts';
import { productsOf } from './release-stock.ts';
import { rejectedDraft, reservedDraft } from './reservation-outcome.ts';

type OrderCreated = EventOf<typeof orderCreated>;

export async function answerRepublished(ctx: InventoryContext, tx: Tx, known: readonly OrderCreated[]): Promise<void> {
  const asked = new Map(known.filter(({ metadata }) => metadata.republished === true).map((event) => [event.order_id, event]));
  if (asked.size === 0) return;
  const reservations = await lockReservations(tx, [...asked.keys()]);
  const rejected = reservations.filter(({ status }) => status === 'rejected');
  const stock = byProduct(rejected.length > 0 ? await lockStock(tx, productsOf(rejected)) : []);
  await ctx.outbox.append(
    tx,
    reservations.flatMap((reservation) => {
      const event = asked.get(reservation.order_id);
      if (event === undefined) return [];
      if (reservation.status === 'held' || reservation.status === 'shipped') return [reservedDraft(event)];
      return reservation.status === 'rejected' ? [rejectedDraft(event, wantedOf(reservation, stock))] : [];
    }),
  );
}

/** The lines of a rejected order beside what there is now: which of them were short then is not kept. */
function wantedOf({ items }: Reservation, stock: ReadonlyMap<string, Stock>) {
  return mergeLines(items).map(({ product_id, quantity }) => {
    const row = stock.get(product_id);
    return { product_id, requested: quantity, available: row === undefined ? 0 : availableOf(row) };
  });
}
