/** Puts returned pieces that are sold again back into stock, each return once. */
import { type EventOf, refusal, type returnReceived } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Failure } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { InventoryContext } from '../context.ts';
import { orderMovements } from '../domain/reservation.ts';
import { byProduct, type Movement } from '../domain/stock.ts';
import { bookedSources } from '../store/movements.ts';
import { lockStock } from '../store/stock.ts';
import { saveMovements } from './save-movements.ts';

type Received = EventOf<typeof returnReceived>;

export async function restockReturns(ctx: InventoryContext, tx: Tx, events: readonly Received[]): Promise<Failure[]> {
  const products = [...new Set(events.flatMap(({ items }) => items.map(({ product_id }) => product_id)))];
  const stock = byProduct(await lockStock(tx, products));
  // Read after the lock, under which they are written.
  const booked = await bookedSources(
    tx,
    events.map(({ return_id }) => return_id),
  );
  const movements: Movement[] = [];
  const failures: Failure[] = [];
  for (const { event_id, return_id, order_id, items, metadata } of events) {
    if (booked.has(return_id)) continue;
    const unknown = items.filter(({ product_id }) => !stock.has(product_id));
    if (unknown.length > 0) {
      failures.push({
        event_id,
        error: refusal('stock_unknown', `Nothing is known of ${unknown.map(({ product_id }) => product_id).join(', ')}.`),
      });
      continue;
    }
    booked.add(return_id);
    movements.push(...orderMovements({ order_id, items }, 'returned', 'return', metadata.actor ?? 'system', return_id));
  }
  await saveMovements(ctx, tx, stock, movements, timestamp(ctx.clock.now()));
  return failures;
}
