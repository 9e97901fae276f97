/** What an imported row means for the catalogue. */
import type { ImportedProduct } from './import-draft.ts';
import { newProduct, type ProductContent, type ProductRecord, revisedProduct, sameTexts } from './product.ts';
import { exactSku } from './sku.ts';

export type ImportDecision =
  | { kind: 'created'; before: undefined; after: ProductRecord; quantity: number }
  | { kind: 'updated' | 'noted' | 'unchanged'; before: ProductRecord; after: ProductRecord }
  | { kind: 'refused'; reason: string };

/** The products a batch may mean. */
export interface KnownProducts {
  bySku(sku: string): ProductRecord | undefined;
  /** In order of id. */
  ofHandle(handle: string): readonly ProductRecord[];
}

/**
 * A new product, or the old one with what the file says of it. A row with an SKU means the product of that SKU; one
 * without means the product of exactly its handle and options, whatever SKU that has. Members the file has no column
 * for stay. The status is only taken over when the file says another than it said before: what staff archived stays archived.
 */
export function decideImport(known: KnownProducts, imported: ImportedProduct, now_ms: number, id: string): ImportDecision {
  const { handle, status, sku_derived } = imported;
  const meant = sku_derived ? unnamed(known, imported) : named(known, imported);
  if ('refused' in meant) return { kind: 'refused', reason: meant.refused };
  const { existing, sku } = meant;
  const content = { ...imported.content, sku };
  if (existing === undefined) {
    const after = newProduct(wholeContent(content), { id, now_ms, status, handle, import_status: status, sku_derived });
    return { kind: 'created', before: undefined, after, quantity: imported.quantity };
  }
  const saidBefore = existing.import_status ?? 'active';
  const revised = revisedProduct(
    existing,
    { ...contentOfRecord(existing), ...content },
    status === saidBefore ? existing.status : status,
    now_ms,
  );
  const derived = sku_derived && existing.sku_derived;
  const after = { ...revised, handle: handle ?? existing.handle, import_status: status, sku_derived: derived };
  if (revised !== existing) return { kind: 'updated', before: existing, after };
  const noted = (['handle', 'import_status', 'sku_derived'] as const).some((member) => after[member] !== existing[member]);
  return { kind: noted ? 'noted' : 'unchanged', before: existing, after };
}

type Meant = { existing: ProductRecord | undefined; sku: string } | { refused: string };

/** The row has an SKU. One that was made for other options of another row is not this product's. */
function named(known: KnownProducts, { handle, content }: ImportedProduct): Meant {
  const existing = known.bySku(content.sku);
  const isOther = existing?.sku_derived === true && handle !== null && !isVariant(existing, handle, content.options ?? existing.options);
  if (isOther)
    return { refused: `the SKU ${content.sku} was made for another product that came without one; give that one its own SKU first` };
  return { existing, sku: content.sku };
}

function unnamed(known: KnownProducts, { handle, content, sku_derived }: ImportedProduct): Meant {
  const options = content.options ?? {};
  const variants = known.ofHandle(handle ?? '').filter((product) => isVariant(product, handle, options));
  const existing = variants.find((product) => product.sku_derived) ?? variants[0];
  if (existing !== undefined) return { existing, sku: existing.sku };
  const holder = known.bySku(content.sku);
  if (holder === undefined) return { existing: undefined, sku: content.sku };
  // Imported before handles were kept for rows like this one.
  if (holder.handle === null && holder.import_status !== null && holder.name === content.name && sameTexts(holder.options, options))
    return { existing: holder, sku: holder.sku };
  const sku = exactSku(handle ?? '', options);
  if (holder.import_status === null || known.bySku(sku) !== undefined || !sku_derived)
    return { refused: `the row has no SKU, and the one made for it, ${content.sku}, belongs to another product; give the row an SKU` };
  return { existing: undefined, sku };
}

function isVariant(product: ProductRecord, handle: string | null, options: Readonly<Record<string, string>>): boolean {
  return product.handle === handle && sameTexts(product.options, options);
}

/** The content of a new product: members the file has no column for are empty. */
export function wholeContent(content: ImportedProduct['content']): ProductContent {
  const unsaid = { description: '', category: null, image_url: null, attributes: {}, group_id: null, options: {} };
  return { ...unsaid, tax_class: null, weight_g: null, ...content };
}

function contentOfRecord(record: ProductRecord): ProductContent {
  const { sku, name, description, price, currency, category, image_url, attributes, group_id, options, tax_class, weight_g } = record;
  return { sku, name, description, price, currency, category, image_url, attributes, group_id, options, tax_class, weight_g };
}
