/** What an imported row means for the catalogue. */
import type { ImportedProduct } from './import-row.ts';
import { newProduct, type ProductContent, type ProductRecord, revisedProduct } from './product.ts';

export type ImportDecision =
  | { kind: 'created'; before: undefined; after: ProductRecord; quantity: number }
  | { kind: 'updated' | 'noted' | 'unchanged'; before: ProductRecord; after: ProductRecord }
  | { kind: 'refused'; reason: string };

/**
 * A new product, or the old one with what the file says of it. Members the file has no column for stay. The status is
 * only taken over when the file says another than it said before: what staff archived stays archived.
 */
export function decideImport(existing: ProductRecord | undefined, imported: ImportedProduct, now_ms: number, id: string): ImportDecision {
  const { handle, status } = imported;
  if (existing === undefined) {
    const after = newProduct(wholeContent(imported), { id, now_ms, status, handle, import_status: status });
    return { kind: 'created', before: undefined, after, quantity: imported.quantity };
  }
  if (imported.sku_derived && existing.handle !== handle) {
    return { kind: 'refused', reason: `the row has no SKU, and the one made for it, ${existing.sku}, belongs to another product` };
  }
  const saidBefore = existing.import_status ?? 'active';
  const revised = revisedProduct(
    existing,
    { ...contentOfRecord(existing), ...imported.content },
    status === saidBefore ? existing.status : status,
    now_ms,
  );
  const after = { ...revised, handle: handle ?? existing.handle, import_status: status };
  if (revised !== existing) return { kind: 'updated', before: existing, after };
  const noted = after.handle !== existing.handle || after.import_status !== existing.import_status;
  return { kind: noted ? 'noted' : 'unchanged', before: existing, after };
}

function wholeContent({ content }: ImportedProduct): ProductContent {
  return { description: '', category: null, image_url: null, attributes: {}, group_id: null, options: {}, ...content };
}

function contentOfRecord(record: ProductRecord): ProductContent {
  const { sku, name, description, price, currency, category, image_url, attributes, group_id, options } = record;
  return { sku, name, description, price, currency, category, image_url, attributes, group_id, options };
}
