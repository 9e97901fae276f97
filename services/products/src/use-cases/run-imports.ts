/**
 * Carries an import on that no other process does. Each batch is one transaction with the count of the rows that are done, so that whatever
 * ends a process, the next one goes on behind the last batch and does nothing twice.
 */
import { productStockStated } from '@souk/contracts';
import { AppError, timestamp } from '@souk/kernel';
import { draft } from '@souk/messaging';
import type { Queryable, Tx } from '@souk/postgres';
import type { ProductsContext } from '../context.ts';
import {
  claimImport,
  claimStatements,
  endImport,
  findPiece,
  holdImport,
  insertRefusals,
  releaseImport,
  type StoredImport,
  saveProgress,
} from '../store/imports.ts';
import { type BatchOutcome, type StatedStock, saveBatch } from './import-batch.ts';
import { type ImportPiece, importProducts } from './import-products.ts';
import { forgetProducts, withFreeSkus } from './save-products.ts';

const leaseMs = 30_000;

/** The import is not this process's any more, or the process is to end. */
class ImportLeft extends Error {
  override readonly name = 'ImportLeft';
}

interface Run {
  ctx: ProductsContext;
  record: StoredImport;
  lease_id: string;
}

/** Carries one import on to its end; answers whether there was one. */
export async function runImports(ctx: ProductsContext, signal: AbortSignal): Promise<boolean> {
  const now_ms = ctx.clock.now();
  const lease_id = ctx.ids.uuid();
  const record = await claimImport(ctx.db, { lease_id, now: timestamp(now_ms), lease_until: timestamp(now_ms + leaseMs) });
  if (record === undefined) return false;
  const run: Run = { ctx, record, lease_id };
  try {
    await carryOn(run, signal);
  } catch (error) {
    if (error instanceof ImportLeft) await releaseImport(ctx.db, record.id, lease_id);
    else if (error instanceof AppError && error.code === 'csv_invalid') await fail(run, error.message);
    else {
      await releaseImport(ctx.db, record.id, lease_id);
      throw error;
    }
  }
  return !signal.aborted;
}

async function carryOn(run: Run, signal: AbortSignal): Promise<void> {
  const { ctx, record } = run;
  const { rows_done: rows, created, updated, unchanged, refused, ignore_unknown, stock } = record;
  const steps = importProducts(ctx, leasedPieces(run, signal), {
    ignore_unknown,
    needs_quantity: stock !== 'ignore',
    done: { rows, created, updated, unchanged, refused },
    save: (piece) => savePiece(run, piece, signal),
  });
  for await (const _step of steps);
}

/** The lease goes on while the beginning of a large file is read once more. */
const piecesBetweenLeases = 8;

async function* leasedPieces({ ctx, record, lease_id }: Run, signal: AbortSignal): AsyncGenerator<Buffer> {
  let number = 0;
  for await (const piece of piecesOf(ctx, record.id)) {
    number += 1;
    if (signal.aborted) throw new ImportLeft('the process ends');
    if (number % piecesBetweenLeases === 0) await stillHeld(ctx, ctx.db, record.id, lease_id);
    yield piece;
  }
}

/** The file as it was sent, a piece in memory at a time. */
export async function* piecesOf({ db }: ProductsContext, import_id: string): AsyncGenerator<Buffer> {
  for (let number = 0; ; number += 1) {
    const bytes = await findPiece(db, import_id, number);
    if (bytes === undefined) return;
    yield bytes;
  }
}

async function stillHeld(ctx: ProductsContext, db: Queryable, id: string, lease_id: string): Promise<void> {
  if (!(await holdImport(db, id, lease_id, timestamp(ctx.clock.now() + leaseMs))))
    throw new ImportLeft('another carries it on, or none does');
}

async function savePiece(run: Run, piece: ImportPiece, signal: AbortSignal): Promise<BatchOutcome> {
  if (signal.aborted) throw new ImportLeft('the process ends');
  const { ctx } = run;
  const { outcome, touched } = await withFreeSkus(() => ctx.db.transaction((tx) => saveInOne(run, tx, piece)));
  if (touched.length > 0) await forgetProducts(ctx, touched);
  return outcome;
}

async function saveInOne({ ctx, record, lease_id }: Run, tx: Tx, { batch, counts, refusals, ignored_columns, is_last }: ImportPiece) {
  const { id, cause, dry_run } = record;
  await stillHeld(ctx, tx, id, lease_id);
  const saved = await saveBatch(ctx, tx, batch, { cause, dry_run });
  const stock_stated = await stateStock(ctx, tx, record, saved.stated);
  const { created, updated, unchanged, refusals: found } = saved.outcome;
  await insertRefusals(tx, id, [...refusals, ...found]);
  await saveProgress(tx, {
    id,
    rows_done: counts.rows,
    created: counts.created + created,
    updated: counts.updated + updated,
    unchanged: counts.unchanged + unchanged,
    refused: counts.refused + found.length,
    stock_stated,
    ignored_columns,
  });
  // With the last rows, so that no process finds them done and the import not.
  if (is_last) await endImport(tx, id, { state: 'done', detail: null, ended_at: timestamp(ctx.clock.now()), lease_id });
  return saved;
}

/** Announces what the file says of stock, of each product once; answers of how many. */
async function stateStock(
  ctx: ProductsContext,
  tx: Tx,
  { id, stock, dry_run, cause }: StoredImport,
  stated: readonly StatedStock[],
): Promise<number> {
  if (stock === 'ignore') return 0;
  const rows = stated.filter(({ quantity }) => stock === 'set' || quantity > 0);
  if (dry_run || rows.length === 0) return rows.length;
  const fresh = await claimStatements(tx, id, rows);
  const drafts = rows
    .filter(({ product_id }) => fresh.has(product_id))
    .map(({ product_id, quantity, stock_version }) =>
      draft(
        productStockStated,
        { import_id: id, product_id, mode: stock, quantity, ...(stock_version !== undefined && { stock_version }) },
        cause,
      ),
    );
  await ctx.outbox.append(tx, drafts);
  return drafts.length;
}

async function fail({ ctx, record, lease_id }: Run, detail: string): Promise<void> {
  await ctx.db.transaction((tx) => endImport(tx, record.id, { state: 'failed', detail, ended_at: timestamp(ctx.clock.now()), lease_id }));
}
