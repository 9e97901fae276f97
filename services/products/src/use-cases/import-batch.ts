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

/** Loads, decides and saves one batch in one transaction; SKUs within it are distinct. */
export async function importBatch(ctx: ProductsContext, batch: readonly ImportedProduct[], cause: Cause): Promise<BatchOutcome> {
  if (batch.length === 0) return { created: 0, updated: 0, unchanged: 0, refusals: [] };
  const { outcome, touched } = await withFreeSkus(() => ctx.db.transaction((tx) => saveBatch(ctx, tx, batch, cause)));
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

async function saveBatch(
  ctx: ProductsContext,
  tx: Tx,
  batch: readonly ImportedProduct[],
  cause: Cause,
): Promise<{ outcome: BatchOutcome; touched: string[] }> {
  const known = await knownProducts(tx, batch);
  const created: NewProduct[] = [];
  const revisions: Revision[] = [];
  const noted: Revision[] = [];
  const outcome: BatchOutcome = { created: 0, updated: 0, unchanged: 0, refusals: [] };
  for (const imported of batch) {
    const decision = decideImport(known, imported, ctx.clock.now(), ctx.ids.uuid());
    if (decision.kind === 'refused')
      outcome.refusals.push({ line: imported.line, reason: decision.reason, ...(imported.handle !== null && { handle: imported.handle }) });
    else if (decision.kind === 'created') created.push({ product: decision.after, quantity: decision.quantity });
    else if (decision.kind === 'updated') revisions.push(decision);
    else if (decision.kind === 'noted') noted.push(decision);
  }
  await Promise.all([
    saveProducts(ctx, tx, created.sort(bySku), revisions, cause),
    noteImport(
      tx,
      noted.map(({ after }) => after),
    ),
  ]);
  outcome.created = created.length;
  outcome.updated = revisions.length;
  outcome.unchanged = batch.length - created.length - revisions.length - outcome.refusals.length;
  return { outcome, touched: [...created.map(({ product }) => product.id), ...revisions.map(({ after }) => after.id)] };
}
