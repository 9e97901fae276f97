/** What the readers of the several kinds of files have in common. */
import { derivedUuid, isUuid } from '@souk/kernel';
import type { Cells } from './import-cells.ts';
import type { ImportColumns } from './import-columns.ts';
import type { HandleMemory } from './import-handles.ts';
import type { ProductContent, ProductStatus } from './product.ts';

/** What a row says of a product; its price and currency are read the same way for all files. */
export interface RowDraft {
  handle: string | null;
  /** Text a missing SKU is made of, with the options. */
  derive_from: string;
  status: ProductStatus;
  quantity: number;
  /** The SKU is empty where the file has none. */
  content: Partial<ProductContent> & Pick<ProductContent, 'sku' | 'name'>;
}

/** A product as a file has it; members whose column the file lacks are absent. */
export interface ImportedProduct {
  line: number;
  handle: string | null;
  content: Partial<ProductContent> & Pick<ProductContent, 'sku' | 'name' | 'price' | 'currency'>;
  /** The file had no SKU; this one was made of handle and options, which are never absent then. */
  sku_derived: boolean;
  status: ProductStatus;
  /** Opening stock of a product that is created. */
  quantity: number;
  /** The row has a quantity: an import that takes stock over states it of a product that there is. */
  states_quantity: boolean;
  /** Of the stock that the file was made from; undefined where the file does not say. */
  stock_version: number | undefined;
}

export interface RowParts {
  columns: ImportColumns;
  cells: Cells;
  row: readonly string[];
  handles: HandleMemory;
}

/** Undefined for a row that is no product by itself, such as a further picture. Throws `RowRefused`. */
export type ReadRow = (parts: RowParts) => RowDraft | undefined;

export const attributeLengthMax = 300;

/** The same group for the same handle, in whatever file it comes. */
export function groupId(handle: string): string {
  return isUuid(handle) ? handle : derivedUuid('souk product group', handle);
}

/** What is not empty, cut to what an attribute may hold. */
export function listed(texts: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(texts).filter(([, value]) => value !== '');
  return Object.fromEntries(kept.map(([name, value]) => [name, [...value].slice(0, attributeLengthMax).join('')]));
}

/** The last step of the first path in a list such as `Clothing > Shirts, Sale`. */
export function firstCategory(paths: string, step: string): string | null {
  return paths.split(',')[0]?.split(step).at(-1)?.trim() || null;
}
