import { currencyDecimals, derivedUuid, timestamp } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import type { ProductsContext } from '../context.ts';
import { newProduct } from '../domain/product.ts';
import { sampleProducts } from '../domain/sample-catalogue.ts';
import { isCatalogueEmpty, setMark } from '../store/products.ts';
import { forgetProducts, type NewProduct, saveProducts } from './save-products.ts';

const mark = 'sample-catalogue';

/** Fills a catalogue that never had a product with the sample; answers how many products it made. Doing it again makes none. */
export async function loadSample(ctx: ProductsContext): Promise<number> {
  const loaded = await ctx.db.transaction(async (tx) => {
    const now_ms = ctx.clock.now();
    if (!(await setMark(tx, mark, timestamp(now_ms))) || !(await isCatalogueEmpty(tx))) return [];
    const cause: Cause = { correlation_id: ctx.ids.uuid(), actor: 'system' };
    const products = sampleProducts().map((sample) => sampleRow(ctx, sample, now_ms));
    await saveProducts(ctx, tx, products, [], cause);
    return products;
  });
  if (loaded.length > 0) {
    await forgetProducts(
      ctx,
      loaded.map(({ product }) => product.id),
    );
    ctx.log.info({ products: loaded.length }, 'the sample catalogue is loaded');
  }
  return loaded.length;
}

/** Sample prices have two decimals; in a currency without any they become whole units of the same number. */
function sampleRow(
  ctx: ProductsContext,
  { content, price, quantity }: ReturnType<typeof sampleProducts>[number],
  now_ms: number,
): NewProduct {
  const currency = ctx.config.shop_currency;
  const minor = Math.round(price * 10 ** (currencyDecimals(currency) - 2));
  const { group, ...rest } = content;
  const group_id = group === null ? null : derivedUuid('souk product group', group);
  return { product: newProduct({ ...rest, group_id, price: minor, currency }, { id: ctx.ids.uuid(), now_ms, handle: group }), quantity };
}
