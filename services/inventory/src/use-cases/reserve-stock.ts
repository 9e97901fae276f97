/**
 * Holds stock for orders just placed. An order counts once, by the primary key of its reservation: that row is written
 * first, so that another process with the same order waits and then finds it, and a cancellation received earlier has left
 * its tombstone there. Then the stock of all orders is locked, the orders are granted one after the other, and
 * everything that follows is written together.
 */
import { type EventOf, type orderCreated, refusal } from '@souk/contracts';
import { required, timestamp } from '@souk/kernel';
import type { Failure } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { InventoryContext } from '../context.ts';
import { type Grant, grantOrders } from '../domain/grant-orders.ts';
import { firstOfEach, orderMovements } from '../domain/reservation.ts';
import { byProduct } from '../domain/stock.ts';
import { ordersDecided } from '../events.ts';
import { claimReservations, setStatus, unclaimReservations } from '../store/reservations.ts';
import { lockStock } from '../store/stock.ts';
import { answerRepublished } from './answer-republished.ts';
import { rejectedDraft, reservedDraft } from './reservation-outcome.ts';
import { saveMovements } from './save-movements.ts';

type OrderCreated = EventOf<typeof orderCreated>;

export async function reserveStock(ctx: InventoryContext, tx: Tx, events: readonly OrderCreated[]): Promise<Failure[]> {
  const now_ms = ctx.clock.now();
  const now = timestamp(now_ms);
  const orders = firstOfEach(events);
  const claimed = await claimReservations(tx, 'held', [...orders.values()], now);
  const fresh = [...orders.values()].filter((event) => claimed.has(event.order_id));
  await answerRepublished(
    ctx,
    tx,
    [...orders.values()].filter((event) => !claimed.has(event.order_id)),
  );
  if (fresh.length === 0) return [];

  const stock = byProduct(await lockStock(tx, productsOf(fresh)));
  const decisions = grantOrders(
    stock,
    fresh.map(({ order_id, items, timestamp: placed_at, metadata }) => ({
      order_id,
      items,
      republished: metadata.republished === true,
      patient: now_ms - Date.parse(placed_at) < ctx.config.product_wait_ms,
    })),
  );
  const orderOf = (decision: Grant): OrderCreated => required(orders.get(decision.order_id), 'the order of the decision');
  const reserved = decisions.filter((decision) => decision.kind === 'reserved').map(orderOf);
  const rejected = decisions.filter((decision) => decision.kind === 'rejected');
  const waiting = decisions.filter((decision) => decision.kind === 'waiting');
  const movements = reserved.flatMap((order) => orderMovements(order, 'reserved', null, order.metadata.actor ?? 'system'));
  const drafts = [...reserved.map(reservedDraft), ...rejected.map((decision) => rejectedDraft(orderOf(decision), decision.shortages))];
  await Promise.all([
    saveMovements(ctx, tx, stock, movements, now),
    ...(rejected.length > 0
      ? [
          setStatus(
            tx,
            rejected.map((decision) => decision.order_id),
            'rejected',
            now,
          ),
        ]
      : []),
    ...(waiting.length > 0
      ? [
          unclaimReservations(
            tx,
            waiting.map((decision) => decision.order_id),
          ),
        ]
      : []),
    ctx.outbox.append(tx, drafts),
  ]);
  tx.onCommit(() => ordersDecided(ctx, { reserved: reserved.length, rejected: rejected.length, waiting: waiting.length }));
  return failuresOf(events, waiting);
}

function productsOf(orders: readonly OrderCreated[]): string[] {
  return [...new Set(orders.flatMap((order) => order.items.map((item) => item.product_id)))];
}

/** Every event of an order that waits fails, repeats in the same batch too. */
function failuresOf(events: readonly OrderCreated[], waiting: readonly Extract<Grant, { kind: 'waiting' }>[]): Failure[] {
  const unknown = new Map(waiting.map((decision) => [decision.order_id, decision.unknown]));
  return events.flatMap(({ event_id, order_id }) => {
    const product_ids = unknown.get(order_id);
    if (product_ids === undefined) return [];
    return [
      {
        event_id,
        error: refusal('stock_unknown', `Nothing, or not enough, is known yet of ${product_ids.join(', ')}.`, { order_id, product_ids }),
      },
    ];
  });
}
