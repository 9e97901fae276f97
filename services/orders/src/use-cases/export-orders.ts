import type { Order } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { OrdersContext } from '../context.ts';
import { toResource } from '../domain/order.ts';
import { type ExportRange, exportedOrders, lastOfExport } from '../store/orders.ts';

export interface OrderExport {
  /** Orders in pieces, each read when it is asked for. */
  pieces: AsyncGenerator<Order[]>;
  /** The last order of it; undefined where it is empty. */
  last: string | undefined;
}

/**
 * An order may be committed a little after a later one; from this age on none comes before it any more, so that who goes on from
 * a cursor misses none.
 */
const settledAfterMs = 10_000;
/** Orders in memory at once, for each export. */
const pieceMax = 200;

/** At most `limit` orders after one, oldest first. */
export async function exportOrders(ctx: OrdersContext, { after, limit }: Pick<ExportRange, 'after' | 'limit'>): Promise<OrderExport> {
  const range = { after, limit, placed_before: timestamp(ctx.clock.now() - settledAfterMs) };
  const last = await lastOfExport(ctx.db, range);
  return { last, pieces: piecesOf(ctx, range) };
}

async function* piecesOf({ db }: OrdersContext, range: ExportRange): AsyncGenerator<Order[]> {
  let { after, limit } = range;
  while (limit > 0) {
    const records = await exportedOrders(db, { ...range, after, limit: Math.min(limit, pieceMax) });
    if (records.length > 0) yield records.map(toResource);
    if (records.length < pieceMax) return;
    after = records.at(-1)?.id;
    limit -= records.length;
  }
}
