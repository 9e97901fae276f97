/** Imports as staff start, watch and end them. */
import { type ProductImport, refusal } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { ProductsContext } from '../context.ts';
import { type ImportPlan, importResource, keptStates, refusalLine, refusalsHeader } from '../domain/product-import.ts';
import {
  countUnderWay,
  dropImport,
  endImport,
  findImport,
  findRefusals,
  forgetImports as forget,
  insertImport,
  insertPiece,
  listImports as list,
  type PlannedImport,
  startWaiting,
} from '../store/imports.ts';
import { csvRows } from './csv-rows.ts';
import { columnsOf } from './import-products.ts';
import { piecesOf } from './run-imports.ts';

const runImportsName = 'run-imports';

const underWayMax = 20;
const pieceBytes = 262_144;
const refusalsPage = 1_000;
const keptMs = 30 * 86_400_000;
const receivingMs = 3_600_000;

/** Keeps the file and answers; it is read after that. Throws `csv_invalid`, `too_many_imports`. */
export async function startImport(ctx: ProductsContext, file: AsyncIterable<Buffer>, plan: PlannedImport): Promise<ProductImport> {
  const { db } = ctx;
  if ((await countUnderWay(db)) >= underWayMax) throw refusal('too_many_imports', `At most ${underWayMax} imports may be under way.`);
  const id = ctx.ids.uuid();
  await insertImport(db, id, plan, timestamp(ctx.clock.now()));
  try {
    await keepFile(ctx, id, file);
    await checkHeader(ctx, id, plan);
  } catch (error) {
    await db.transaction((tx) => dropImport(tx, id));
    throw error;
  }
  const record = await startWaiting(db, id);
  if (record === undefined) throw refusal('not_found', 'The import took too long to arrive.');
  ctx.wakeJob(runImportsName);
  return importResource(record);
}

async function keepFile({ db }: ProductsContext, id: string, file: AsyncIterable<Buffer>): Promise<void> {
  let number = 0;
  let held: Buffer[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    if (length === 0) return;
    await insertPiece(db, id, number, Buffer.concat(held));
    number += 1;
    held = [];
    length = 0;
  };
  for await (const chunk of file) {
    held.push(chunk);
    length += chunk.length;
    if (length >= pieceBytes) await flush();
  }
  await flush();
}

/** A file that cannot be read at all is refused at once. */
async function checkHeader(ctx: ProductsContext, id: string, { ignore_unknown, stock }: ImportPlan): Promise<void> {
  for await (const { rows, broken } of csvRows(piecesOf(ctx, id), ctx.config.import_row_bytes_max)) {
    const header = rows.find(({ cells }) => cells.some((cell) => cell.trim() !== ''));
    if (header !== undefined) {
      columnsOf(header, { ignore_unknown, needs_quantity: stock !== 'ignore' });
      return;
    }
    if (broken) throw refusal('csv_invalid', `Line ${broken.line}: ${broken.reason}.`, { line: broken.line });
  }
  throw refusal('csv_invalid', 'The file has no header line.');
}

/** Throws `not_found`. */
export async function getImport({ db }: ProductsContext, import_id: string): Promise<ProductImport> {
  const record = await findImport(db, import_id);
  if (record === undefined) throw noImport();
  return importResource(record);
}

/** One more than the limit is read to know whether there are more. */
export async function listImports(
  { db }: ProductsContext,
  { state, limit, ...page }: { state: ProductImport['state'] | undefined; before: string | undefined; skip: number; limit: number },
): Promise<{ imports: ProductImport[]; last: string | null }> {
  const records = await list(db, { ...page, states: state === undefined ? null : keptStates(state), limit: limit + 1 });
  const imports = records.slice(0, limit).map(importResource);
  return { imports, last: records.length > limit ? (imports.at(-1)?.id ?? null) : null };
}

/** Ends it where it has not ended. Waits for the batch that is under way. Throws `not_found`. */
export async function cancelImport(ctx: ProductsContext, import_id: string): Promise<ProductImport> {
  const ended_at = timestamp(ctx.clock.now());
  await ctx.db.transaction((tx) => endImport(tx, import_id, { state: 'cancelled', detail: null, ended_at, lease_id: undefined }));
  return getImport(ctx, import_id);
}

/** The refused rows as pieces of a CSV file. Throws `not_found`. */
export async function importRefusals(ctx: ProductsContext, import_id: string): Promise<AsyncGenerator<string>> {
  await getImport(ctx, import_id);
  return refusalPieces(ctx, import_id);
}

async function* refusalPieces({ db }: ProductsContext, import_id: string): AsyncGenerator<string> {
  yield refusalsHeader;
  for (let skip = 0; ; skip += refusalsPage) {
    const rows = await findRefusals(db, import_id, { skip, limit: refusalsPage });
    if (rows.length > 0) yield rows.map(refusalLine).join('');
    if (rows.length < refusalsPage) return;
  }
}

const forgottenMax = 10;

/** Drops old imports; answers whether there may be more. */
export async function forgetImports({ db, clock }: ProductsContext): Promise<boolean> {
  const now_ms = clock.now();
  const before = { ended: timestamp(now_ms - keptMs), receiving: timestamp(now_ms - receivingMs) };
  return (await db.transaction((tx) => forget(tx, before, forgottenMax))) === forgottenMax;
}

function noImport(): Error {
  return refusal('not_found', 'There is no such import.');
}
