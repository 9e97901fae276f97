import { productArchived, productCreated, productUpdated } from '@souk/contracts';
import { type Cause, draft, type EventDraft } from '@souk/messaging';
import type { Republisher } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import type { StockedProduct } from '../domain/product.ts';
import { changedSince } from '../store/products.ts';
import { eventPayload } from './save-products.ts';

/** Products that were created, changed or archived since then, as they are now. */
export const republishProducts: Republisher<ProductsContext> = async (ctx, tx, page) => {
  const products = await changedSince(tx, page);
  const drafts = products.map((product) => stateDraft(product, page.since, { correlation_id: ctx.ids.uuid(), actor: 'system' }));
  return { drafts, next: products.length === page.limit ? products.at(-1)?.id : undefined };
};

/** A new product says how much of it there was: its stock is counted once, and may not have been counted yet. */
function stateDraft(product: StockedProduct, since: string, cause: Cause): EventDraft {
  if (product.status === 'archived') return draft(productArchived, { product_id: product.id, product_version: product.version }, cause);
  const isNew = Date.parse(product.created_at) >= Date.parse(since);
  return isNew
    ? draft(productCreated, { ...eventPayload(product), initial_quantity: product.stock_quantity }, cause)
    : draft(productUpdated, eventPayload(product), cause);
}
