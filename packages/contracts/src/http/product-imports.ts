/** Imports of product files that go on by themselves: started by a request, carried on by whichever instance is there. */
import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { ImportId, Nullable, Timestamp } from '../fields.ts';
import { paging } from './paging.ts';

const count = (description: string) => Type.Integer({ minimum: 0, description });
const ignoreUnknown = {
  ignore_unknown_columns: Type.Optional(
    Type.Boolean({ description: 'Columns whose names may be misspelt are left aside; without it such a file is refused.' }),
  ),
};

export const StockMode = Type.Union([Type.Literal('ignore'), Type.Literal('add'), Type.Literal('set')], {
  description:
    'What the quantity of a row means for a product that exists: nothing (ignore, the default), so many have come (add), or so many pieces are on hand, those promised to orders among them (set). A new product begins with it in any case.',
});

export const ImportState = Type.Union(
  [Type.Literal('waiting'), Type.Literal('running'), Type.Literal('done'), Type.Literal('failed'), Type.Literal('cancelled')],
  { description: 'waiting and running go on to one of the others.' },
);

export const ProductImport = Type.Object(
  {
    id: ImportId,
    state: ImportState,
    stock: StockMode,
    dry_run: Type.Boolean({ description: 'Nothing is written: the counts say what would be.' }),
    rows: count('How many rows are done.'),
    created: count('New products.'),
    updated: count('Products that changed.'),
    unchanged: count('Rows that say what is there already.'),
    refused: count('Rows that were refused.'),
    stock_stated: count('Products whose stock the file says something of.'),
    stock_refused: count('Those of them whose stock was not taken over, as far as inventory has answered.'),
    ignored_column_names: Type.Array(Type.String(), { description: 'Unknown columns, the first 100.' }),
    detail: Nullable(Type.String({ description: 'Why it failed.' })),
    created_at: Timestamp,
    ended_at: Nullable(Timestamp),
  },
  { title: 'ProductImport' },
);
export type ProductImport = Static<typeof ProductImport>;

const byImport = Type.Object({ import_id: ImportId });
const flag = (description: string) => Type.Union([Type.Literal('1'), Type.Literal('true')], { description });

export const startImport = defineRoute({
  method: 'POST',
  path: '/api/products/imports',
  service: 'products',
  summary: 'Import a product CSV in the background; it goes on when the service is started again',
  access: 'staff',
  scope: 'products:write',
  limit: 'write',
  query: Type.Object(
    { stock: Type.Optional(StockMode), dry_run: Type.Optional(flag('Only says what it would do.')), ...ignoreUnknown },
    { additionalProperties: false },
  ),
  body_type: 'text/csv',
  body_bytes_max: 512 * 1024 * 1024,
  timeout_ms: 600_000,
  location: true,
  responses: { 202: ProductImport },
  errors: ['csv_invalid', 'too_many_imports'],
});
export const listImports = defineRoute({
  method: 'GET',
  path: '/api/products/imports',
  service: 'products',
  summary: 'Imports of the last 30 days, newest first',
  access: 'staff',
  scope: 'products:read',
  limit: 'read',
  query: Type.Object({ ...paging, state: Type.Optional(ImportState) }, { additionalProperties: false }),
  responses: { 200: Type.Array(ProductImport) },
  errors: ['cursor_invalid'],
});
export const getImport = defineRoute({
  method: 'GET',
  path: '/api/products/imports/{import_id}',
  service: 'products',
  summary: 'How far an import is; it is kept for 30 days',
  access: 'staff',
  scope: 'products:read',
  limit: 'read',
  params: byImport,
  responses: { 200: ProductImport },
});
export const listImportRefusals = defineRoute({
  method: 'GET',
  path: '/api/products/imports/{import_id}/refusals',
  service: 'products',
  summary: 'The refused rows of an import as a CSV file: line, handle, reason',
  access: 'staff',
  scope: 'products:read',
  limit: 'read',
  params: byImport,
  response_types: ['text/csv'],
  responses: { 200: Type.String({ description: 'A line for each, in the order of the file.' }) },
});
export const cancelImport = defineRoute({
  method: 'POST',
  path: '/api/products/imports/{import_id}/cancel',
  service: 'products',
  summary: 'End an import; what is done stays, and one that has ended stays as it is',
  access: 'staff',
  scope: 'products:write',
  limit: 'write',
  params: byImport,
  responses: { 200: ProductImport },
});

export const productImportRoutes = [startImport, listImports, getImport, listImportRefusals, cancelImport] as const;
