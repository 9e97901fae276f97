import { currencyDecimals, timestamp } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import type { ProductsContext } from '../context.ts';
import { importColumns } from '../domain/import-columns.ts';
import { wholeContent } from '../domain/import-decision.ts';
import type { ImportedProduct } from '../domain/import-draft.ts';
import { newProduct } from '../domain/product.ts';
import { hasMark, isCatalogueEmpty, setMark } from '../store/products.ts';
import { sampleProductsFile } from '../store/sample-files.ts';
import { createRowReader, type RowReader } from '../workers/row-reader.ts';
import { csvRows } from './csv-rows.ts';
import { forgetProducts, type NewProduct, saveProducts } from './save-products.ts';

const mark = 'sample-catalogue';
/** Its prices are written with two decimals. */
const sampleCurrency = 'EUR';

/** Fills a catalogue that never had a product with the sample; answers how many products it made. Doing it again makes none. */
export async function loadSample(ctx: ProductsContext): Promise<number> {
  if (await hasMark(ctx.db, mark)) return 0;
  const sample = await readSample(ctx.config.import_row_bytes_max);
  const loaded = await ctx.db.transaction(async (tx) => {
    const now_ms = ctx.clock.now();
    if (!(await setMark(tx, mark, timestamp(now_ms))) || !(await isCatalogueEmpty(tx))) return [];
    const cause: Cause = { correlation_id: ctx.ids.uuid(), actor: 'system' };
    const products = sample.map((product) => sampleRow(ctx, product, now_ms));
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

/** The products of the file, by the importer's own rules; a row that is not right is an error of this repository. */
async function readSample(row_bytes_max: number): Promise<ImportedProduct[]> {
  const products: ImportedProduct[] = [];
  let reader: RowReader | undefined;
  for await (const { rows } of csvRows(sampleProductsFile(), row_bytes_max)) {
    for (const { line, cells } of rows) {
      const outcome = reader?.read(line, cells);
      reader ??= createRowReader(importColumns(cells), { shop_currency: sampleCurrency });
      if (outcome?.kind === 'refused') throw new TypeError(`line ${line} of the sample catalogue: ${outcome.reason}`);
      if (outcome?.kind === 'product') products.push(outcome.product);
    }
  }
  return products;
}

/** In a currency without decimals the prices become whole units of the same number. */
function sampleRow(ctx: ProductsContext, { content, handle, quantity }: ImportedProduct, now_ms: number): NewProduct {
  const currency = ctx.config.shop_currency;
  const price = Math.round(content.price * 10 ** (currencyDecimals(currency) - currencyDecimals(sampleCurrency)));
  return { product: newProduct({ ...wholeContent(content), price, currency }, { id: ctx.ids.uuid(), now_ms, handle }), quantity };
}
