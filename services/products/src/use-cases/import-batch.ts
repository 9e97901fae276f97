import type { Cause } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { ProductsContext } from '../context.ts';
import { decideImport, type KnownProducts } from '../domain/import-decision.ts';
import type { ImportedProduct } from '../domain/import-draft.ts';
import { exactSku } from '../domain/sku.ts';
import { lockProductsOf, noteImport } from '../store/products.ts';
import { bySku, forgetProducts, type NewProduct, type Revision, saveProducts, withFreeSkus } from './save-products.ts';

export interface BatchOutcome {
  created: number;
  updated: number;
  unchanged: number;
  refusals: { line: number; reason: string; handle?: string }[];
}

/** What is found out of a batch, and what is written of it. */
export interface SavedBatch {
  outcome: BatchOutcome;
  /** Products that were written. */
  touched: string[];
  /** Products that there were before, with what the file says of their stock. */
  stated: StatedStock[];
}

export interface StatedStock {
  product_id: string;
  line: number;
  handle: string | null;
  quantity: number;
  stock_version: number | undefined;
}

/** Loads, decides and saves one batch in one transaction; SKUs within it are distinct. */
export async function importBatch(ctx: ProductsContext, batch: readonly ImportedProduct[], cause: Cause): Promise<BatchOutcome> {
  if (batch.length === 0) return { created: 0, updated: 0, unchanged: 0, refusals: [] };
  const { outcome, touched } = await withFreeSkus(() => ctx.db.transaction((tx) => saveBatch(ctx, tx, batch, { cause, dry_run: false })));
  if (touched.length > 0) await forgetProducts(ctx, touched);
  return outcome;
}

async function knownProducts(tx: Tx, batch: readonly ImportedProduct[]): Promise<KnownProducts> {
  const skus = batch.flatMap(({ content, handle, sku_derived }) =>
    sku_derived ? [content.sku, exactSku(handle ?? '', content.options ?? {})] : [content.sku],
  );
  const handles = batch.flatMap(({ handle, sku_derived }) => (sku_derived && handle !== null ? [handle] : []));
  const products = await lockProductsOf(tx, skus, [...new Set(handles)]);
  const bySku = new Map(products.map((product) => [product.sku, product]));
  const byHandle = Map.groupBy(products, ({ handle }) => handle);
  return { bySku: (sku) => bySku.get(sku), ofHandle: (handle) => byHandle.get(handle) ?? [] };
}

/** In the transaction of the caller; a dry run decides as if it wrote. */
export async function saveBatch(
  ctx: ProductsContext,
  tx: Tx,
  batch: readonly ImportedProduct[],
  { cause, dry_run }: { cause: Cause; dry_run: boolean },
): Promise<SavedBatch> {
  const known = await knownProducts(tx, batch);
  const created: NewProduct[] = [];
  const revisions: Revision[] = [];
  const noted: Revision[] = [];
  const stated: StatedStock[] = [];
  const refusals: BatchOutcome['refusals'] = [];
  for (const imported of batch) {
    const decision = decideImport(known, imported, ctx.clock.now(), ctx.ids.uuid());
    if (decision.kind === 'refused')
      refusals.push({ line: imported.line, reason: decision.reason, ...(imported.handle !== null && { handle: imported.handle }) });
    else if (decision.kind === 'created') created.push({ product: decision.after, quantity: decision.quantity });
    else if (decision.kind === 'updated') revisions.push(decision);
    else if (decision.kind === 'noted') noted.push(decision);
    if (decision.kind !== 'refused' && decision.kind !== 'created') stated.push(...statedBy(imported, decision.after.id));
  }
  if (!dry_run)
    await Promise.all([
      saveProducts(ctx, tx, created.sort(bySku), revisions, cause),
      noteImport(
        tx,
        noted.map(({ after }) => after),
      ),
    ]);
  const unchanged = batch.length - created.length - revisions.length - refusals.length;
  const touched = dry_run ? [] : [...created.map(({ product }) => product.id), ...revisions.map(({ after }) => after.id)];
  return { outcome: { created: created.length, updated: revisions.length, unchanged, refusals }, touched, stated };
}

/** Nothing where the row has no quantity. */
function statedBy({ line, handle, quantity, states_quantity, stock_version }: ImportedProduct, product_id: string): StatedStock[] {
  return states_quantity ? [{ product_id, line, handle, quantity, stock_version }] : [];
}
