/**
 * Products from a CSV file, read as a stream. Each batch is one transaction, so an import that is cut off has whole
 * products only and can simply be run again: what is equal stays as it is.
 */
import { type ImportReport, refusal } from '@souk/contracts';
import type { Cause } from '@souk/messaging';
import type { ProductsContext } from '../context.ts';
import { type ImportColumns, importColumns } from '../domain/import-columns.ts';
import type { ImportedProduct } from '../domain/import-draft.ts';
import { createRowReader, type RowReader } from '../workers/row-reader.ts';
import { type CsvRow, csvRows } from './csv-rows.ts';
import { importBatch } from './import-batch.ts';

export type ImportRefusal = ImportReport['refusals'][number];
export type ImportCounts = Omit<ImportReport, 'refusals' | 'ignored_columns' | 'ignored_column_names' | 'unused_column_names'>;

/** What happened since the last step, and the counts so far. */
export interface ImportStep {
  counts: ImportCounts;
  refusals: ImportRefusal[];
  /** Unknown columns of the file. */
  ignored_columns: readonly string[];
  /** Columns that are known and say nothing a catalogue keeps. */
  unused_columns: readonly string[];
}

const batchRowsMax = 250;
const batchCharactersMax = 1_000_000;

interface Progress {
  counts: ImportCounts;
  refusals: ImportRefusal[];
  batch: ImportedProduct[];
  characters: number;
}

/** Yields a step for each batch, the last one with the final counts. Throws `csv_invalid` before anything is written. */
export async function* importProducts(
  ctx: ProductsContext,
  file: AsyncIterable<Buffer>,
  { ignore_unknown, cause }: { ignore_unknown: boolean; cause: Cause },
): AsyncGenerator<ImportStep> {
  const progress: Progress = {
    counts: { rows: 0, created: 0, updated: 0, unchanged: 0, refused: 0 },
    refusals: [],
    batch: [],
    characters: 0,
  };
  let columns: ImportColumns | undefined;
  let reader: RowReader | undefined;
  for await (const { rows, broken } of csvRows(file, ctx.config.import_row_bytes_max)) {
    for (const row of rows) {
      if (reader === undefined) {
        if (row.cells.every((cell) => cell.trim() === '')) continue;
        columns = importColumns(row.cells, { ignore_unknown, line: row.line });
        reader = createRowReader(columns, { shop_currency: ctx.config.shop_currency });
        continue;
      }
      if (progress.counts.rows >= ctx.config.import_rows_max) {
        refuse(progress, row.line, `a file may have ${ctx.config.import_rows_max} rows; nothing from here on was read`);
        yield await step(ctx, progress, columns, cause);
        return;
      }
      takeRow(progress, reader, row);
      const full =
        progress.batch.length >= batchRowsMax || progress.characters >= batchCharactersMax || progress.refusals.length >= batchRowsMax;
      if (full) yield await step(ctx, progress, columns, cause);
    }
    if (broken && reader === undefined) throw refusal('csv_invalid', `Line ${broken.line}: ${broken.reason}.`, { line: broken.line });
    if (broken) refuse(progress, broken.line, broken.reason);
  }
  if (reader === undefined) throw refusal('csv_invalid', 'The file has no header line.');
  yield await step(ctx, progress, columns, cause);
}

function takeRow(progress: Progress, reader: RowReader, { line, cells }: CsvRow): void {
  const outcome = reader.read(line, cells);
  progress.counts.rows += 1;
  if (outcome.kind === 'refused') refuse(progress, line, outcome.reason, outcome.handle);
  if (outcome.kind !== 'product') return;
  progress.batch.push(outcome.product);
  progress.characters += (outcome.product.content.description?.length ?? 0) + 500;
}

function refuse(progress: Progress, line: number, reason: string, handle?: string): void {
  progress.counts.refused += 1;
  progress.refusals.push({ line, reason, ...(handle !== undefined && { handle }) });
}

async function step(ctx: ProductsContext, progress: Progress, columns: ImportColumns | undefined, cause: Cause): Promise<ImportStep> {
  const batch = progress.batch;
  progress.batch = [];
  progress.characters = 0;
  const outcome = await importBatch(ctx, batch, cause);
  progress.counts.created += outcome.created;
  progress.counts.updated += outcome.updated;
  progress.counts.unchanged += outcome.unchanged;
  for (const { line, reason, handle } of outcome.refusals) refuse(progress, line, reason, handle);
  const refusals = progress.refusals.sort((left, right) => left.line - right.line);
  progress.refusals = [];
  return { counts: { ...progress.counts }, refusals, ignored_columns: columns?.ignored ?? [], unused_columns: columns?.unused ?? [] };
}
