import { type Product, refusal } from '@souk/contracts';
import type { Cause } from '@souk/messaging';
import { checkIfMatch } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import {
  changedContent,
  contentOf,
  type ProductContent,
  type ProductInput,
  type ProductRecord,
  type ProductStatus,
  revisedProduct,
  type StockedProduct,
  toResource,
} from '../domain/product.ts';
import { lockProduct } from '../store/products.ts';
import { asSkuTaken, forgetProducts, saveProducts } from './save-products.ts';

export interface RevisionRequest {
  product_id: string;
  /** The version the client has seen, as an If-Match header. */
  if_match: string | undefined;
  cause: Cause;
}

/** What staff say of a product; the status stays where they say none. */
type Revised = ProductInput & { status?: ProductStatus | undefined };

/** Replaces everything staff may say of a product. Throws `not_found`, `precondition_failed`, `product_archived`, `sku_taken`, `amount_invalid`, `currency_unknown`. */
export function replaceProduct(
  ctx: ProductsContext,
  request: RevisionRequest,
  input: Revised & { name: string; price: number },
): Promise<Product> {
  const { status, ...content } = input;
  return revise(ctx, request, (product) => {
    refuseArchived(product, status);
    return { content: contentOf(content, { sku: product.sku, currency: ctx.config.shop_currency }), status: status ?? product.status };
  });
}

/** Changes the members given. Throws the same. */
export function changeProduct(ctx: ProductsContext, request: RevisionRequest, input: Revised): Promise<Product> {
  const { status, ...content } = input;
  return revise(ctx, request, (product) => {
    refuseArchived(product, status);
    return { content: changedContent(product, content), status: status ?? product.status };
  });
}

/** Takes a product off the shelf; doing it again changes nothing. Throws `not_found`, `precondition_failed`. */
export async function archiveProduct(ctx: ProductsContext, request: RevisionRequest): Promise<void> {
  await revise(ctx, request, (product) => ({ content: changedContent(product, {}), status: 'archived' }));
}

/** An archived product is changed only by the call that brings it back, or by one that leaves it where it is. */
function refuseArchived(product: StockedProduct, wanted: ProductStatus | undefined): void {
  if (product.status === 'archived' && wanted === undefined) throw refusal('product_archived');
}

/** Changes the pictures of a product. Throws `not_found`, `product_archived`, `precondition_failed`. */
export function reviseImages(
  ctx: ProductsContext,
  request: RevisionRequest,
  decide: (product: StockedProduct) => StockedProduct,
): Promise<Product> {
  return save(ctx, request, (product) => {
    refuseArchived(product, undefined);
    return decide(product);
  });
}

function revise(
  ctx: ProductsContext,
  request: RevisionRequest,
  decide: (product: StockedProduct) => { content: ProductContent; status: ProductStatus },
): Promise<Product> {
  return save(ctx, request, (product) => {
    const { content, status } = decide(product);
    return revisedProduct(product, content, status, ctx.clock.now());
  });
}

/** `decide` answers the same object where nothing is to be changed. */
async function save(
  ctx: ProductsContext,
  { product_id, if_match, cause }: RevisionRequest,
  decide: (product: StockedProduct) => ProductRecord,
): Promise<Product> {
  let sku = '';
  try {
    const product = await ctx.db.transaction(async (tx) => {
      const before = await lockProduct(tx, product_id);
      if (!before) throw refusal('not_found', 'There is no such product.');
      checkIfMatch({ if_match }, before.version);
      const after = decide(before);
      sku = after.sku;
      if (after !== before) await saveProducts(ctx, tx, [], [{ before, after }], cause);
      return { ...after, stock_quantity: before.stock_quantity };
    });
    await forgetProducts(ctx, [product_id]);
    return toResource(product);
  } catch (error) {
    throw await asSkuTaken(ctx, error, sku);
  }
}
