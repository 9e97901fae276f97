import { Readable } from 'node:stream';
import { cancelImport, getImport, listImportRefusals, listImports, startImport } from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import { answer, answerContent, encodeCursor, page, serve } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import * as imports from '../use-cases/start-import.ts';

export const productImportRoutes = [
  serve(startImport, async (ctx: ProductsContext, { query, raw_body, cause }) => {
    const plan = {
      stock: query.stock ?? 'ignore',
      dry_run: query.dry_run !== undefined,
      ignore_unknown: query.ignore_unknown_columns === true,
      cause,
    };
    const started = await imports.startImport(ctx, raw_body as AsyncIterable<Buffer>, plan);
    return answer(202, started, { location: `/api/products/imports/${started.id}` });
  }),
  serve(listImports, async (ctx: ProductsContext, { query }) => {
    const { limit, skip, after } = page(query, isImportId);
    const { imports: listed, last } = await imports.listImports(ctx, { state: query.state, before: after, skip, limit });
    return answer(200, listed, { next_cursor: last === null ? null : encodeCursor(last) });
  }),
  serve(getImport, async (ctx: ProductsContext, { params }) => answer(200, await imports.getImport(ctx, params.import_id))),
  serve(listImportRefusals, async (ctx: ProductsContext, { params }) => {
    const pieces = await imports.importRefusals(ctx, params.import_id);
    return answerContent(200, 'text/csv; charset=utf-8', Readable.from(pieces), {
      headers: { 'content-disposition': 'attachment; filename="refusals.csv"' },
    });
  }),
  serve(cancelImport, async (ctx: ProductsContext, { params }) => answer(200, await imports.cancelImport(ctx, params.import_id))),
];

function isImportId(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}
