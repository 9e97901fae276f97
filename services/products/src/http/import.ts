import { Readable } from 'node:stream';
import { exportProducts, type ImportReport, importProducts } from '@souk/contracts';
import { type Answer, answer, answerContent, problemOf, serve } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import * as exports from '../use-cases/export-products.ts';
import { importBatch } from '../use-cases/import-batch.ts';
import { type ImportStep, importProducts as importFile } from '../use-cases/import-products.ts';

const linesType = 'application/x-ndjson';
const refusalsMax = 1_000;
const columnNamesMax = 100;

export const importRoutes = [
  serve(importProducts, async (ctx: ProductsContext, request): Promise<Answer<ImportReport>> => {
    const steps = importFile(ctx, request.raw_body as AsyncIterable<Buffer>, {
      ignore_unknown: request.query.ignore_unknown_columns === true,
      save: ({ batch }) => importBatch(ctx, batch, request.cause),
    });
    const report = emptyReport();
    if (!(request.header('accept') ?? '').includes(linesType)) {
      for await (const step of steps) addStep(report, step);
      return answer(200, report);
    }
    // The first step is taken before the answer begins, so that a file that cannot be read at all is refused in the usual form.
    const first = await steps.next();
    return answerContent(200, linesType, Readable.from(progressLines(ctx, first, steps, report, request)));
  }),
  serve(exportProducts, async (ctx: ProductsContext, { query }) => {
    const pieces = await exports.exportProducts(ctx, { defuse: query.for === 'spreadsheet' });
    // A file that cannot be read to its end ends the connection, so that half of it never looks like a whole one.
    return answerContent(200, 'text/csv; charset=utf-8', Readable.from(pieces), {
      headers: { 'content-disposition': 'attachment; filename="products.csv"' },
    });
  }),
];

function emptyReport(): ImportReport {
  return {
    rows: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    refused: 0,
    refusals: [],
    ignored_columns: 0,
    ignored_column_names: [],
    unused_column_names: [],
  };
}

function addStep(report: ImportReport, { counts, refusals, ignored_columns, unused_columns }: ImportStep): void {
  Object.assign(report, counts, {
    ignored_columns: ignored_columns.length,
    ignored_column_names: ignored_columns.slice(0, columnNamesMax),
    unused_column_names: unused_columns.slice(0, columnNamesMax),
  });
  report.refusals.push(...refusals.slice(0, refusalsMax - report.refusals.length));
}

/** A line of JSON for each step with all its refusals, and the report as the last; a failure on the way is the last line instead. */
async function* progressLines(
  ctx: ProductsContext,
  first: IteratorResult<ImportStep>,
  steps: AsyncGenerator<ImportStep>,
  report: ImportReport,
  { url, correlation_id }: { url: string; correlation_id: string },
): AsyncGenerator<string> {
  try {
    for (let step = first; !step.done; step = await steps.next()) {
      addStep(report, step.value);
      yield `${JSON.stringify({ progress: step.value.counts, refusals: step.value.refusals })}\n`;
    }
    yield `${JSON.stringify({ report })}\n`;
  } catch (error) {
    const { problem, fault } = problemOf(error, url, correlation_id);
    if (fault) ctx.log.error({ err: error, correlation_id }, 'an import failed because of a fault');
    yield `${JSON.stringify({ problem })}\n`;
  }
}
