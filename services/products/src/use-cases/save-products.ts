/** The one way in which the catalogue changes: rows, counts of categories and facts in one transaction. */
import { productArchived, productCreated, productUpdated, refusal } from '@souk/contracts';
import { toMajor } from '@souk/kernel';
import { type Cause, draft, type EventDraft } from '@souk/messaging';
import { type Tx, violatedConstraint } from '@souk/postgres';
import type { ProductsContext } from '../context.ts';
import { categoryChanges, factsOfChange, type ProductRecord } from '../domain/product.ts';
import { addToCategories } from '../store/categories.ts';
import { categoriesKey, insertProducts, listTag, productKey, updateProducts } from '../store/products.ts';

export interface NewProduct {
  product: ProductRecord;
  /** Opening stock. */
  quantity: number;
}

export interface Revision {
  before: ProductRecord;
  after: ProductRecord;
}

/** Writes new and changed products; `revisions` are rows this transaction has locked. */
export async function saveProducts(
  ctx: ProductsContext,
  tx: Tx,
  created: readonly NewProduct[],
  revisions: readonly Revision[],
  cause: Cause,
): Promise<void> {
  const changes = [...created.map(({ product }) => ({ before: undefined, after: product })), ...revisions];
  const facts = [...created.map((one) => createdFact(one, cause)), ...revisions.flatMap((revision) => revisionFacts(revision, cause))];
  await Promise.all([
    insertProducts(
      tx,
      created.map(({ product }) => product),
      created.map(({ quantity }) => quantity),
    ),
    updateProducts(
      tx,
      revisions.map(({ after }) => after),
    ),
    addToCategories(tx, categoryChanges(changes)),
    ctx.outbox.append(tx, facts),
  ]);
}

/** Makes every cache forget these products and all lists; awaited before the answer, so that a client reads back what it wrote. */
export async function forgetProducts(ctx: ProductsContext, ids: readonly string[]): Promise<void> {
  await ctx.cache.invalidate({ keys: [...ids.map(productKey), categoriesKey], tags: [listTag] });
}

/** The same error, or `sku_taken` when that is what the database refused. */
export function asSkuTaken(error: unknown, sku: string): unknown {
  if (violatedConstraint(error) !== 'sku_taken') return error;
  return refusal('sku_taken', `Another product has the SKU ${JSON.stringify(sku)}.`, { sku }, error);
}

function createdFact({ product, quantity }: NewProduct, cause: Cause): EventDraft {
  return draft(productCreated, { ...publicFacts(product), initial_quantity: quantity }, cause);
}

function revisionFacts({ before, after }: Revision, cause: Cause): EventDraft[] {
  const { updated, archived } = factsOfChange(before, after);
  return [
    ...(updated ? [draft(productUpdated, publicFacts(after), cause)] : []),
    ...(archived ? [draft(productArchived, { product_id: after.id, product_version: after.version }, cause)] : []),
  ];
}

function publicFacts({ id, version, sku, name, price, currency, status }: ProductRecord) {
  return { product_id: id, product_version: version, sku, name, price: toMajor(price, currency), currency, status };
}
