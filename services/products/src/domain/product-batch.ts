/** Many new and changed products at once, each decided for itself. */
import { refusal } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import {
  changedContent,
  contentOf,
  newProduct,
  type ProductInput,
  type ProductRecord,
  type ProductStatus,
  revisedProduct,
  type StockedProduct,
} from './product.ts';
import { skuFromName } from './sku.ts';
import { skuTaken } from './sku-taken.ts';

/** An item with `product_id` changes that product, one without creates one. */
export type BatchItem = ProductInput & {
  product_id?: string | undefined;
  expected_version?: number | undefined;
  status?: ProductStatus | undefined;
  stock_quantity?: number | undefined;
};

export type BatchDecision =
  | { kind: 'created'; product: ProductRecord; stock_quantity: number }
  /** Also where nothing differs: then `after` is `before`. */
  | { kind: 'changed'; before: StockedProduct; after: ProductRecord; stock_quantity: number }
  | { kind: 'refused'; error: AppError };

export interface BatchSurroundings {
  /** The products that the items name, and those that have one of their SKUs. */
  known: readonly StockedProduct[];
  /** An id for a product that is created. */
  new_ids: readonly string[];
  currency: string;
  now_ms: number;
}

/** Decides each item; a SKU is taken by the product that has it before the batch, and by the first item that claims it. */
export function decideBatch(items: readonly BatchItem[], { known, new_ids, currency, now_ms }: BatchSurroundings): BatchDecision[] {
  const by_id = new Map(known.map((product) => [product.id, product]));
  const holders = new Map<string, Pick<ProductRecord, 'id' | 'status'>>(known.map((product) => [product.sku, product]));
  const named = new Set<string>();

  const claimed = (product: ProductRecord): ProductRecord => {
    const holder = holders.get(product.sku);
    if (holder !== undefined && holder.id !== product.id) throw skuTaken(product.sku, holder);
    holders.set(product.sku, product);
    return product;
  };
  const created = ({ name, price, stock_quantity = 0, ...input }: BatchItem, id: string): BatchDecision => {
    if (name === undefined || price === undefined) throw missing(name === undefined ? 'name' : 'price');
    refuseMember(input, 'status', 'is for products that exist: a new one is active');
    refuseMember(input, 'expected_version', 'is for products that exist');
    const content = contentOf({ ...input, name, price }, { sku: skuFromName(name, id), currency });
    return { kind: 'created', product: claimed(newProduct(content, { id, now_ms })), stock_quantity };
  };
  const changed = (item: BatchItem, product_id: string): BatchDecision => {
    const { product_id: _id, expected_version, status, ...input } = item;
    refuseMember(item, 'stock_quantity', 'is the opening stock of a new product; correct it by an adjustment');
    if (named.has(product_id)) throw invalid('product_id', 'is named by an item before');
    named.add(product_id);
    const before = by_id.get(product_id);
    if (before === undefined) throw refusal('not_found', 'There is no such product.');
    if (expected_version !== undefined && expected_version !== before.version)
      throw refusal('precondition_failed', `The product has version ${before.version}, not ${expected_version}.`);
    if (before.status === 'archived' && status === undefined) throw refusal('product_archived');
    const after = revisedProduct(before, changedContent(before, input), status ?? before.status, now_ms);
    return { kind: 'changed', before, after: after === before ? before : claimed(after), stock_quantity: before.stock_quantity };
  };
  return items.map((item, index) => {
    try {
      return item.product_id === undefined ? created(item, new_ids[index] ?? '') : changed(item, item.product_id);
    } catch (error) {
      if (error instanceof AppError) return { kind: 'refused', error };
      throw error;
    }
  });
}

function refuseMember(item: BatchItem, name: keyof BatchItem, detail: string): void {
  if (item[name] !== undefined) throw invalid(name, detail);
}

function missing(name: string): AppError {
  return invalid(name, 'is missing: a new product needs it');
}

function invalid(name: string, detail: string): AppError {
  return refusal('validation_failed', `${name} ${detail}.`, { errors: [{ pointer: `/${name}`, detail }] });
}
