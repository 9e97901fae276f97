/** The one way in which the catalogue changes: rows, counts of categories, groups and events in one transaction. */
import { productArchived, productCreated, productUpdated } from '@souk/contracts';
import { toMajor } from '@souk/kernel';
import { type Cause, draft, type EventDraft } from '@souk/messaging';
import { type Tx, violatedConstraint } from '@souk/postgres';
import type { ProductsContext } from '../context.ts';
import { categoryChanges, eventsOfChange, type ProductRecord } from '../domain/product.ts';
import { skuTaken } from '../domain/sku-taken.ts';
import { addToCategories } from '../store/categories.ts';
import { allCategoriesKey, categoriesKey, findHolder, insertProducts, listTag, productKey, updateProducts } from '../store/products.ts';
import { keepGroups } from './keep-groups.ts';

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
  const events = [...created.map((one) => createdEvent(one, cause)), ...revisions.flatMap((revision) => revisionEvents(revision, cause))];
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
    ctx.outbox.append(tx, events),
  ]);
  // Last: a transaction that waits for a group here holds all else that it needs.
  await keepGroups(ctx, tx, changes);
}

/** Makes every cache forget these products and all lists; awaited before the answer, so that a client reads back what it wrote. */
export async function forgetProducts(ctx: ProductsContext, ids: readonly string[]): Promise<void> {
  await ctx.cache.invalidate({ keys: [...ids.map(productKey), categoriesKey, allCategoriesKey], tags: [listTag] });
}

/** The same error, or `sku_taken` with the product that has the SKU when that is what the database refused. */
export async function asSkuTaken(ctx: ProductsContext, error: unknown, sku: string): Promise<unknown> {
  if (violatedConstraint(error) !== 'sku_taken') return error;
  return skuTaken(sku, await findHolder(ctx.db, sku), error);
}

/** New products are written in one order by everybody: two writers of the same ones wait for each other, never in a circle. */
export function bySku(left: NewProduct, right: NewProduct): number {
  return left.product.sku < right.product.sku ? -1 : 1;
}

/** How often a batch is done again because another request took one of its SKUs meanwhile. */
const attemptsMax = 10;

/** Runs the transaction of a batch, and once more where another request took one of its SKUs meanwhile: then that is found. */
export async function withFreeSkus<T>(save: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await save();
    } catch (error) {
      if (violatedConstraint(error) !== 'sku_taken' || attempt >= attemptsMax) throw error;
    }
  }
}

function createdEvent({ product, quantity }: NewProduct, cause: Cause): EventDraft {
  return draft(productCreated, { ...eventPayload(product), initial_quantity: quantity }, cause);
}

function revisionEvents({ before, after }: Revision, cause: Cause): EventDraft[] {
  const { updated, archived } = eventsOfChange(before, after);
  return [
    ...(updated ? [draft(productUpdated, eventPayload(after), cause)] : []),
    ...(archived ? [draft(productArchived, { product_id: after.id, product_version: after.version }, cause)] : []),
  ];
}

/** Class, weight, group and category are always said: a reader keeps what an event leaves out, and could not see them taken away. */
export function eventPayload({ id, version, sku, name, price, currency, status, ...product }: ProductRecord) {
  const { tax_class, weight_g, group_id, category } = product;
  const kept = { product_id: id, product_version: version, sku, name, price: toMajor(price, currency), currency, status };
  return { ...kept, tax_class: tax_class ?? 'standard', weight_g: weight_g ?? 0, group_id: group_id ?? id, category: category ?? '' };
}
