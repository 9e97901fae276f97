/** The goods of an order: lines merged, priced from the catalogue. Amounts are minor units. */
import { refusal } from '@souk/contracts';
import { type AppError, amountMinorMax } from '@souk/kernel';
import type { PromotedLine } from './promotions.ts';

/** A product as the catalogue knows it; the texts and the price are missing while only its archiving is known. */
export interface CatalogueProduct {
  product_id: string;
  product_version: number;
  sku: string | null;
  name: string | null;
  price: number | null;
  currency: string | null;
  status: 'active' | 'archived';
  /** Null where the catalogue says none: it is taxed as `standard`. */
  tax_class: string | null;
  /** Of one piece, in grams. */
  weight_g: number | null;
  /** Null where the catalogue does not say: it stands alone. */
  group_id: string | null;
  category: string | null;
}

/** A line as it was ordered, before discounts, shipping and tax. */
export interface GoodsLine {
  product_id: string;
  sku: string;
  name: string;
  quantity: number;
  price: number;
  line_total: number;
}

export interface Goods {
  lines: GoodsLine[];
  /** The class of tax of each line. */
  tax_classes: string[];
  /** What promotions look at of each line. */
  promoted: PromotedLine[];
  items_total: number;
  weight_g: number;
  currency: string;
}

export interface WantedGoods {
  items: readonly { product_id: string; quantity: number }[];
  currency?: string | undefined;
}
type SellableProduct = CatalogueProduct & { [M in 'sku' | 'name' | 'price' | 'currency']: NonNullable<CatalogueProduct[M]> };

/** Most pieces of one product in an order, however many lines name it. */
const quantityMax = 10_000;
/** What a product is taxed as that says nothing else, and one of whose class a place has no rates. */
export const standardClass = 'standard';

/** The products of an order that are not in the catalogue copy. */
export function unknownProducts(wanted: WantedGoods, catalogue: ReadonlyMap<string, CatalogueProduct>): string[] {
  return [...new Set(wanted.items.map((item) => item.product_id))].filter((product_id) => !catalogue.has(product_id));
}

/** What is ordered, at the prices of the catalogue; throws the refusal of what cannot be had. */
export function goodsOf(wanted: WantedGoods, catalogue: ReadonlyMap<string, CatalogueProduct>): Goods {
  const products = sellableProducts(wanted, catalogue);
  const currency = commonCurrency(wanted, products);
  const goods: Goods = { lines: [], tax_classes: [], promoted: [], items_total: 0, weight_g: 0, currency };
  for (const [product_id, quantity] of mergedQuantities(wanted)) {
    const { sku, name, price, tax_class, weight_g, group_id, category } = products.get(product_id) as SellableProduct;
    const line_total = lineTotal(price, quantity);
    goods.lines.push({ product_id, sku, name, quantity, price, line_total });
    goods.tax_classes.push(tax_class ?? standardClass);
    goods.promoted.push({ product_id, group_id, category, quantity, price, line_total });
    goods.items_total += line_total;
    goods.weight_g += (weight_g ?? 0) * quantity;
  }
  if (goods.items_total > amountMinorMax) throw tooLarge();
  return goods;
}

function sellableProducts(wanted: WantedGoods, catalogue: ReadonlyMap<string, CatalogueProduct>): Map<string, SellableProduct> {
  const products = new Map<string, SellableProduct>();
  const errors: { pointer: string; detail: string }[] = [];
  wanted.items.forEach(({ product_id }, index) => {
    const product = catalogue.get(product_id);
    if (product && isSellable(product)) products.set(product_id, product);
    else errors.push({ pointer: `/items/${index}/product_id`, detail: `product ${product_id} is ${product ? 'archived' : 'unknown'}` });
  });
  if (errors.length > 0) throw productUnknown(errors);
  return products;
}

function isSellable(product: CatalogueProduct): product is SellableProduct {
  return product.status === 'active';
}

function productUnknown(errors: { pointer: string; detail: string }[]): AppError {
  const [first] = errors.map(({ detail }) => detail);
  return refusal('product_unknown', `Of the products ordered, ${first}${errors.length > 1 ? `, and ${errors.length - 1} more` : ''}.`, {
    errors,
  });
}

function commonCurrency(wanted: WantedGoods, products: ReadonlyMap<string, SellableProduct>): string {
  const currencies = [...new Set([...products.values()].map((product) => product.currency))].sort();
  const [currency] = currencies;
  if (currencies.length !== 1 || currency === undefined) {
    throw refusal('currency_mismatch', `The products are sold in ${currencies.join(' and ')}.`, { currencies, pointer: '/items' });
  }
  if (wanted.currency !== undefined && wanted.currency !== currency) {
    throw refusal('currency_mismatch', `The products are sold in ${currency}, not in ${wanted.currency}.`, {
      currencies,
      pointer: '/currency',
    });
  }
  return currency;
}

/** One line for each product, in the order of its first mention. */
function mergedQuantities(wanted: WantedGoods): [string, number][] {
  const quantities = new Map<string, number>();
  wanted.items.forEach(({ product_id, quantity }, index) => {
    const merged = (quantities.get(product_id) ?? 0) + quantity;
    if (merged > quantityMax) {
      const errors = [{ pointer: `/items/${index}/quantity`, detail: `all lines of a product together must be at most ${quantityMax}` }];
      throw refusal('validation_failed', `More than ${quantityMax} pieces of one product.`, { errors });
    }
    quantities.set(product_id, merged);
  });
  return [...quantities];
}

function lineTotal(price: number, quantity: number): number {
  // Compared before it is multiplied: the product may be beyond what a number holds exactly.
  if (price > amountMinorMax / quantity) throw tooLarge();
  return price * quantity;
}

/** The refusal of a total beyond what is accepted. */
export function tooLarge(): AppError {
  return refusal('total_too_large', `The total is above ${amountMinorMax} minor units.`, { pointer: '/items' });
}
