import { Readable } from 'node:stream';
import { cancelImport, getImport, listImportRefusals, startImport } from '@souk/contracts';
import { answer, answerContent, serve } from '@souk/service-kit';
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
  serve(getImport, async (ctx: ProductsContext, { params }) => answer(200, await imports.getImport(ctx, params.import_id))),
  serve(listImportRefusals, async (ctx: ProductsContext, { params }) => {
    const pieces = await imports.importRefusals(ctx, params.import_id);
    return answerContent(200, 'text/csv; charset=utf-8', Readable.from(pieces), {
      headers: { 'content-disposition': 'attachment; filename="refusals.csv"' },
    });
  }),
  serve(cancelImport, async (ctx: ProductsContext, { params }) => answer(200, await imports.cancelImport(ctx, params.import_id))),
];
