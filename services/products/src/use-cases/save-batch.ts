import type { Cause } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { ProductsContext } from '../context.ts';
import { type BatchDecision, type BatchItem, decideBatch } from '../domain/product-batch.ts';
import { lockProductsNamed } from '../store/products.ts';
import { bySku, saveProducts } from './save-products.ts';

/** Saves many new and changed products with one lock and the statements of one; what is refused leaves the others done. */
export async function saveBatch(ctx: ProductsContext, tx: Tx, items: readonly BatchItem[], cause: Cause): Promise<BatchDecision[]> {
  const ids = items.flatMap(({ product_id }) => product_id ?? []);
  const skus = items.flatMap(({ sku }) => sku ?? []);
  const decisions = decideBatch(items, {
    known: await lockProductsNamed(tx, ids, skus),
    new_ids: items.map(() => ctx.ids.uuid()),
    currency: ctx.config.shop_currency,
    now_ms: ctx.clock.now(),
  });
  const created = decisions.flatMap((one) => (one.kind === 'created' ? [{ product: one.product, quantity: one.stock_quantity }] : []));
  const revisions = decisions.flatMap((one) => (one.kind === 'changed' && one.after !== one.before ? [one] : []));
  if (created.length > 0 || revisions.length > 0) await saveProducts(ctx, tx, created.sort(bySku), revisions, cause);
  return decisions;
}

/** The products a batch has written. */
export function touchedBy(decisions: readonly BatchDecision[]): string[] {
  return decisions.flatMap((one) => (one.kind === 'created' ? [one.product.id] : one.kind === 'changed' ? [one.after.id] : []));
}
