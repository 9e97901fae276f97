/** Makes the stock record of new products, and counts their opening stock once. */
import { type EventOf, type productCreated, type productUpdated, refusal } from '@souk/contracts';
import { required, timestamp } from '@souk/kernel';
import type { Failure } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { InventoryContext } from '../context.ts';
import { fitsOpening, foldOpenings, newStock, type Opening } from '../domain/opening.ts';
import { byProduct, type Movement, type Stock } from '../domain/stock.ts';
import { stockOpened } from '../events.ts';
import { insertMovements } from '../store/movements.ts';
import { insertNewStock, lockUnopened, markOpened } from '../store/stock.ts';
import { noteChange, saveMovements } from './save-movements.ts';

type ProductEvent = EventOf<typeof productCreated> | EventOf<typeof productUpdated>;

export async function openStock(ctx: InventoryContext, tx: Tx, events: readonly ProductEvent[]): Promise<Failure[]> {
  const now = timestamp(ctx.clock.now());
  const openings = foldOpenings(events.map(openingOf));
  const made = await insertNewStock(
    tx,
    openings.map((opening) => newStock(opening, now)),
  );
  await receiveNew(
    ctx,
    tx,
    openings.filter((opening) => made.has(opening.product_id)),
    now,
  );
  tx.onCommit(() => stockOpened(ctx, made.size));
  const late = openings.filter((opening) => opening.quantity !== undefined && !made.has(opening.product_id));
  if (late.length === 0) return [];
  const refused = await receiveLate(ctx, tx, late, now);
  return events
    .filter((event) => refused.has(event.product_id) && event.initial_quantity !== undefined)
    .map(({ event_id, product_id }) => ({
      event_id,
      error: refusal('stock_too_large', `The opening stock of ${product_id} is too large.`, { product_id }),
    }));
}

/** A creation that says nothing opens with nothing; an update that says nothing does not open. */
function openingOf(event: ProductEvent): Opening {
  const quantity = event.initial_quantity ?? (event.event_type === 'product.created' ? 0 : undefined);
  return { product_id: event.product_id, quantity, actor: event.metadata.actor ?? 'system' };
}

/** The rows are there already with their quantity: only the ledger follows. */
async function receiveNew(ctx: InventoryContext, tx: Tx, openings: readonly Opening[], now: string): Promise<void> {
  const movements = openings.flatMap(receivedMovement);
  if (movements.length === 0) return;
  noteChange(
    ctx,
    tx,
    movements.map((movement) => movement.product_id),
  );
  await insertMovements(tx, ctx.ids, movements, now);
}

/** The record was made by an earlier event that did not say how many there are. Answers the products that would become too many. */
async function receiveLate(ctx: InventoryContext, tx: Tx, openings: readonly Opening[], now: string): Promise<Set<string>> {
  const rows = await lockUnopened(
    tx,
    openings.map((opening) => opening.product_id),
  );
  if (rows.length === 0) return new Set();
  const quantities = new Map(openings.map((opening) => [opening.product_id, opening]));
  const openingFor = (row: Stock): Opening => required(quantities.get(row.product_id), 'the opening of the stock');
  const fitting = rows.filter((row) => fitsOpening(row, openingFor(row).quantity ?? 0));
  const movements = fitting.flatMap((row) => receivedMovement(openingFor(row)));
  await Promise.all([
    saveMovements(ctx, tx, byProduct(fitting), movements, now),
    ...(fitting.length > 0
      ? [
          markOpened(
            tx,
            fitting.map((row) => row.product_id),
          ),
        ]
      : []),
  ]);
  return new Set(rows.filter((row) => !fitting.includes(row)).map((row) => row.product_id));
}

function receivedMovement({ product_id, quantity = 0, actor }: Opening): Movement[] {
  if (quantity === 0) return [];
  const owner = { order_id: null, source_id: null, reason: 'opening stock', actor };
  return [{ product_id, kind: 'received', on_hand_change: quantity, reserved_change: 0, ...owner }];
}
