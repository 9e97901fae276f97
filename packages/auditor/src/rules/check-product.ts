/** A product against its stock and the copies that other services keep of it. */
import type { CatalogueRecord, ProductRecord, StockRecord, Suspicion } from '../audit-records.ts';
import { checkStock } from './check-stock.ts';
import { skewMaxMs } from './order-records.ts';

/** Everything the services say of one product. */
export interface ProductRecords {
  product_id: string;
  product?: ProductRecord;
  stock?: StockRecord;
  catalogue?: CatalogueRecord;
}

/** A change that a process left unannounced is found by a job that looks every minute. */
const announcementPatience = 2;

/** What is wrong with one product: its stock, and the copies other services keep of it. */
export function checkProduct({ product_id, product, stock, catalogue }: ProductRecords): Suspicion[] {
  const found = stock ? checkStock(stock) : [];
  if (!product) return [...found, ...(stock || catalogue ? [unknown(product_id)] : [])];
  if (!stock) found.push({ rule: 'stock_missing', detail: 'a product has no record of stock', ids: [product_id] });
  else found.push(...checkShownStock(product, stock));
  return [...found, ...checkCatalogue(product, catalogue)];
}

function unknown(product_id: string): Suspicion {
  return { rule: 'product_missing', detail: 'stock or a catalogue entry belongs to an unknown product', ids: [product_id] };
}

function checkShownStock({ product_id, stock_quantity, stock_version }: ProductRecord, stock: StockRecord): Suspicion[] {
  const ids = [product_id];
  const available = stock.on_hand - stock.reserved;
  if (stock_version !== null && stock_version > stock.stock_version)
    return [
      {
        rule: 'shown_stock_differs',
        detail: `products shows version ${stock_version} of the stock, which is at ${stock.stock_version}`,
        ids,
      },
    ];
  if (stock_quantity === available) return [];
  const detail = `products shows ${stock_quantity ?? 'no'} pieces, ${available} are available`;
  const unannounced = stock.published_version < stock.stock_version;
  return [{ rule: 'shown_stock_differs', detail, ids, ...(unannounced && { patience: announcementPatience }) }];
}

function checkCatalogue(product: ProductRecord, catalogue: CatalogueRecord | undefined): Suspicion[] {
  const ids = [product.product_id];
  const rule = 'catalogue_differs';
  if (!catalogue) return [{ rule, detail: 'orders does not know the product', ids }];
  if (catalogue.product_version > product.version)
    return [{ rule, detail: `orders knows version ${catalogue.product_version} of the product, which is at ${product.version}`, ids }];
  // What is archived cannot be ordered, so that its price means nothing, and the copy may have received no other event.
  const compared = product.status === 'archived' ? (['status'] as const) : (['status', 'sku', 'name', 'price', 'currency'] as const);
  const differing = compared.filter((member) => product[member] !== catalogue[member]);
  if (differing.length === 0) return [];
  const [first] = differing;
  return first ? [{ rule, detail: `orders has another ${differing.join(', ')} of the product`, ids }] : [];
}

/** The last change of any of the records, epoch milliseconds; a time to come says nothing about the past. */
export function lastProductChange({ product, stock }: ProductRecords, now: number): number {
  const times = [product?.updated_at_ms ?? 0, stock?.updated_at_ms ?? 0, stock?.published_at_ms ?? 0];
  return Math.max(0, ...times.filter((time) => time <= now + skewMaxMs));
}
