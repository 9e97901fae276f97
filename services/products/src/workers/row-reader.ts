/** One row of a file becomes a product, a picture that belongs to one, or a refusal with its reason. */
import { beginningOf } from '@souk/kernel';
import {
  cellsOf,
  checkLimits,
  RowRefused,
  readCurrency,
  readPrice,
  readVersion,
  refuseSpreadsheetForms,
  shown,
} from '../domain/import-cells.ts';
import type { ImportColumns } from '../domain/import-columns.ts';
import { attributeLengthMax, type ImportedProduct, type ReadRow, type RowDraft } from '../domain/import-draft.ts';
import { readMagentoRow } from '../domain/magento-row.ts';
import { readShopifyRow } from '../domain/shopify-row.ts';
import { exactSku, skuFromHandle, variantIdentity } from '../domain/sku.ts';
import { readSoukRow } from '../domain/souk-row.ts';
import { readWoocommerceRow } from '../domain/woocommerce-row.ts';
import { createHandleMemory } from './handle-memory.ts';

export type RowOutcome =
  | { kind: 'product'; product: ImportedProduct }
  | { kind: 'refused'; reason: string; handle?: string }
  | { kind: 'nothing' };

export interface RowReader {
  read(line: number, row: readonly string[]): RowOutcome;
}

const readers: Readonly<Record<ImportColumns['kind'], ReadRow>> = {
  shopify: readShopifyRow,
  woocommerce: readWoocommerceRow,
  magento: readMagentoRow,
  souk: readSoukRow,
};

/** Reads the rows of one file, from first to last: later rows of a handle inherit from its first. */
export function createRowReader(columns: ImportColumns, options: { shop_currency: string }): RowReader {
  const handles = createHandleMemory();
  const claims = createClaims();
  const readRow = readers[columns.kind];
  return {
    read(line, row) {
      if (row.every((cell) => cell.trim() === '')) return { kind: 'nothing' };
      const cells = cellsOf(columns, row);
      const handle = cells('handle');
      try {
        checkShape(columns, row);
        refuseSpreadsheetForms('handle', handle);
        refuseSpreadsheetForms('name', cells('title'));
        const draft = readRow({ columns, cells, row, handles });
        if (draft === undefined) return { kind: 'nothing' };
        const currency = readCurrency(cells('currency'), options.shop_currency);
        const price = readPrice(cells('price'), currency);
        checkLimits(draft.content);
        const sku = claims.claim(draft, line);
        const { content, ...others } = draft;
        return {
          kind: 'product',
          product: {
            line,
            ...others,
            states_quantity: cells('quantity') !== '',
            stock_version: readVersion(cells('stock_version')),
            sku_derived: content.sku === '',
            content: { ...content, sku, currency, price },
          },
        };
      } catch (error) {
        if (error instanceof RowRefused)
          return { kind: 'refused', reason: error.message, ...(handle !== '' && { handle: beginningOf(handle, attributeLengthMax) }) };
        throw error;
      }
    },
  };
}

function checkShape(columns: ImportColumns, row: readonly string[]): void {
  if (row.some((cell) => cell.includes('\ufffd'))) throw new RowRefused('there are bytes that are not UTF-8; save the file as UTF-8');
  if (row.slice(columns.count).some((cell) => cell.trim() !== '')) {
    throw new RowRefused(`there are ${row.length} cells for ${columns.count} columns; a quotation mark or separator is wrong`);
  }
}

/** Each SKU, and each pair of handle and options of rows without one, once in a file. Answers the SKU of the row. */
function createClaims(): { claim(draft: RowDraft, line: number): string } {
  const lineOfSku = new Map<string, number>();
  const lineOfIdentity = new Map<string, number>();
  return {
    claim({ content, handle, derive_from }, line) {
      if (content.sku !== '') {
        const first = lineOfSku.get(content.sku);
        if (first !== undefined) throw new RowRefused(`the SKU ${shown(content.sku)} is in line ${first} already`);
        lineOfSku.set(content.sku, line);
        return content.sku;
      }
      const options = content.options ?? {};
      const identity = variantIdentity(handle ?? '', options);
      const first = lineOfIdentity.get(identity);
      if (first !== undefined)
        throw new RowRefused(`the row has no SKU, and its name or handle with the same options is in line ${first} already`);
      lineOfIdentity.set(identity, line);
      const readable = skuFromHandle(derive_from, options);
      const sku = lineOfSku.has(readable) ? exactSku(handle ?? '', options) : readable;
      lineOfSku.set(sku, line);
      return sku;
    },
  };
}
