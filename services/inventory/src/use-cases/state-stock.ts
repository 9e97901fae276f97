/**
 * Takes over what imported files say of stock, once for each import and product: the row that claims a statement is written first, so that
 * another process with the same message waits there and then finds it.
 */
import { type EventOf, inventoryStockRefused, type productStockStated, refusal } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import { causeOf, draft, type EventDraft, type Failure } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { InventoryContext } from '../context.ts';
import { decideStatement, roundsOf, type Statement, type StatementOutcome } from '../domain/stated-stock.ts';
import { byProduct, type Stock } from '../domain/stock.ts';
import { claimStatements, keyOf, noteOutcomes, unclaimStatements } from '../store/stated-stock.ts';
import { lockStock } from '../store/stock.ts';
import { saveMovements } from './save-movements.ts';

type StockStated = EventOf<typeof productStockStated>;

export async function stateStock(ctx: InventoryContext, tx: Tx, events: readonly StockStated[]): Promise<Failure[]> {
  const now = timestamp(ctx.clock.now());
  const first = new Map<string, StockStated>();
  for (const event of events) if (!first.has(keyOf(event))) first.set(keyOf(event), event);
  const claimed = new Set((await claimStatements(tx, [...first.values()].map(statementOf), now)).map(keyOf));
  const fresh = [...first.values()].filter((event) => claimed.has(keyOf(event)));
  if (fresh.length === 0) return [];

  const stock = byProduct(await lockStock(tx, [...new Set(fresh.map(({ product_id }) => product_id))]));
  // Its opening stock is not counted yet: what a file says now would be counted before it.
  const isKnown = ({ product_id }: StockStated): boolean => stock.get(product_id)?.opened === true;
  const unknown = fresh.filter((event) => !isKnown(event));
  if (unknown.length > 0) await unclaimStatements(tx, unknown);
  for (const round of roundsOf(fresh.filter(isKnown))) await applyRound(ctx, tx, stock, round, now);
  const waiting = new Set(unknown.map(keyOf));
  return events
    .filter((event) => waiting.has(keyOf(event)))
    .map(({ event_id, product_id }) => ({
      event_id,
      error: refusal('stock_unknown', `The stock of ${product_id} is not known yet.`, { product_ids: [product_id] }),
    }));
}

/** Statements about different products; `stock` is what the next round goes on from. */
async function applyRound(
  ctx: InventoryContext,
  tx: Tx,
  stock: Map<string, Stock>,
  round: readonly StockStated[],
  now: string,
): Promise<void> {
  const decided = round.flatMap((event) => {
    const before = stock.get(event.product_id);
    return before === undefined ? [] : [{ event, before, ...decideStatement(before, statementOf(event)) }];
  });
  const movements = decided.flatMap(({ movement }) => movement ?? []);
  const drafts = decided.flatMap(({ event, before, outcome }) => (outcome === 'applied' ? [] : [refusedDraft(event, before, outcome)]));
  const [changed] = await Promise.all([
    saveMovements(ctx, tx, stock, movements, now),
    noteOutcomes(
      tx,
      decided.map(({ event: { import_id, product_id }, outcome }) => ({ import_id, product_id, outcome })),
    ),
    ctx.outbox.append(tx, drafts),
  ]);
  for (const row of changed) stock.set(row.product_id, row);
}

function statementOf({ import_id, product_id, mode, quantity, stock_version, metadata }: StockStated): Statement {
  return { import_id, product_id, mode, quantity, stock_version, actor: metadata.actor ?? 'system' };
}

function refusedDraft(
  event: StockStated,
  { on_hand, reserved, stock_version }: Stock,
  reason: Exclude<StatementOutcome, 'applied'>,
): EventDraft {
  const { import_id, product_id, mode, quantity, stock_version: stated_version } = event;
  const payload = { import_id, product_id, mode, quantity, reason, on_hand, reserved, stock_version };
  return draft(inventoryStockRefused, { ...payload, ...(stated_version !== undefined && { stated_version }) }, causeOf(event));
}
