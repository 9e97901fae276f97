/**
 * Products from a CSV file, read as a stream. Each batch is one transaction, so an import that is cut off has whole
 * products only and can simply be run again: what is equal stays as it is.
 */
import { type ImportReport, refusal } from '@souk/contracts';
import type { ProductsContext } from '../context.ts';
import { type ImportColumns, importColumns } from '../domain/import-columns.ts';
import type { ImportedProduct } from '../domain/import-draft.ts';
import { createRowReader, type RowReader } from '../workers/row-reader.ts';
import { type CsvRow, csvRows } from './csv-rows.ts';
import type { BatchOutcome } from './import-batch.ts';

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

/** What is to be saved: rows that are products, and those that were refused as they were read. */
export interface ImportPiece {
  batch: readonly ImportedProduct[];
  counts: ImportCounts;
  refusals: readonly ImportRefusal[];
  ignored_columns: readonly string[];
  /** Nothing follows. */
  is_last: boolean;
}

export interface ImportSettings {
  ignore_unknown: boolean;
  /** Whether the file must say how many pieces there are. */
  needs_quantity?: boolean;
  /** The counts of rows that are done already: they are read, because later rows depend on them, and not saved again. */
  done?: ImportCounts;
  /** Saves a piece; throws where the import is not to go on. */
  save(piece: ImportPiece): Promise<BatchOutcome>;
}

interface Progress {
  settings: ImportSettings;
  counts: ImportCounts;
  rows_done: number;
  refusals: ImportRefusal[];
  batch: ImportedProduct[];
  characters: number;
}

/** Yields a step for each batch, the last one with the final counts. Throws `csv_invalid` before anything is written. */
export async function* importProducts(
  ctx: ProductsContext,
  file: AsyncIterable<Buffer>,
  settings: ImportSettings,
): AsyncGenerator<ImportStep> {
  const done = settings.done ?? { rows: 0, created: 0, updated: 0, unchanged: 0, refused: 0 };
  const progress: Progress = {
    settings,
    counts: { ...done, rows: 0 },
    rows_done: done.rows,
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
        columns = columnsOf(row, settings);
        reader = createRowReader(columns, { shop_currency: ctx.config.shop_currency });
        continue;
      }
      if (progress.counts.rows >= ctx.config.import_rows_max) {
        refuse(progress, row.line, `a file may have ${ctx.config.import_rows_max} rows; nothing from here on was read`);
        yield await step(progress, columns, true);
        return;
      }
      takeRow(progress, reader, row);
      const full =
        progress.batch.length >= batchRowsMax || progress.characters >= batchCharactersMax || progress.refusals.length >= batchRowsMax;
      if (full) yield await step(progress, columns, false);
    }
    if (broken && reader === undefined) throw refusal('csv_invalid', `Line ${broken.line}: ${broken.reason}.`, { line: broken.line });
    if (broken) refuse(progress, broken.line, broken.reason);
  }
  if (reader === undefined) throw refusal('csv_invalid', 'The file has no header line.');
  yield await step(progress, columns, true);
}

function takeRow(progress: Progress, reader: RowReader, { line, cells }: CsvRow): void {
  const outcome = reader.read(line, cells);
  progress.counts.rows += 1;
  if (progress.counts.rows <= progress.rows_done) return;
  if (outcome.kind === 'refused') refuse(progress, line, outcome.reason, outcome.handle);
  if (outcome.kind !== 'product') return;
  progress.batch.push(outcome.product);
  progress.characters += (outcome.product.content.description?.length ?? 0) + 500;
}

function refuse(progress: Progress, line: number, reason: string, handle?: string): void {
  progress.counts.refused += 1;
  progress.refusals.push({ line, reason, ...(handle !== undefined && { handle }) });
}

/** What a header says of the columns. Throws `csv_invalid`. */
export function columnsOf(
  { cells, line }: CsvRow,
  { ignore_unknown, needs_quantity = false }: Omit<ImportSettings, 'save'>,
): ImportColumns {
  const columns = importColumns(cells, { ignore_unknown, line });
  if (needs_quantity && columns.at.quantity === undefined)
    throw refusal('csv_invalid', `Line ${line}: the file has no column for the stock, such as stock_quantity.`, { line });
  return columns;
}

async function step(progress: Progress, columns: ImportColumns | undefined, is_last: boolean): Promise<ImportStep> {
  const { batch, counts } = progress;
  progress.batch = [];
  progress.characters = 0;
  const ignored = columns?.ignored ?? [];
  const piece = { batch, counts: { ...counts }, refusals: progress.refusals, ignored_columns: ignored, is_last };
  const outcome = await progress.settings.save(piece);
  progress.counts.created += outcome.created;
  progress.counts.updated += outcome.updated;
  progress.counts.unchanged += outcome.unchanged;
  for (const { line, reason, handle } of outcome.refusals) refuse(progress, line, reason, handle);
  const refusals = progress.refusals.sort((left, right) => left.line - right.line);
  progress.refusals = [];
  return { counts: { ...progress.counts }, refusals, ignored_columns: ignored, unused_columns: columns?.unused ?? [] };
}
