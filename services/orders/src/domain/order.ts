/**
 * What an order is when it is placed: lines merged, priced from the catalogue and frozen, totals computed here and never
 * believed. Amounts are minor units.
 */
import { fields, type Order, type PlaceOrder, refusal } from '@souk/contracts';
import { type AppError, amountMinorMax, toMajor, toMinor } from '@souk/kernel';

/** A product as the catalogue knows it; the texts and the price are missing while only its archiving is known. */
export interface CatalogueProduct {
  product_id: string;
  product_version: number;
  sku: string | null;
  name: string | null;
  price: number | null;
  currency: string | null;
  status: 'active' | 'archived';
}

export interface OrderLine {
  product_id: string;
  sku: string;
  name: string;
  quantity: number;
  price: number;
  line_total: number;
}

/** An order as it is stored. */
export interface OrderRecord {
  id: string;
  order_number: string;
  user_id: string;
  status: Order['status'];
  items: OrderLine[];
  total_amount: number;
  currency: string;
  shipping_address: Order['shipping_address'];
  cancel_reason: Order['cancel_reason'];
  carrier: string | null;
  tracking_number: string | null;
  version: number;
  created_at: string;
  updated_at: string;
}

/** What the catalogue makes of an order: its frozen lines and total. */
export interface PricedOrder {
  items: OrderLine[];
  total_amount: number;
  currency: string;
}

type Wanted = Pick<PlaceOrder, 'items' | 'currency' | 'expected_total'>;
type SellableProduct = { [M in keyof CatalogueProduct]: NonNullable<CatalogueProduct[M]> };

/** Most pieces of one product in an order, however many lines name it. */
const quantityMax = 10_000;

/** The products of an order that are not in the catalogue copy. */
export function unknownProducts(wanted: Wanted, catalogue: ReadonlyMap<string, CatalogueProduct>): string[] {
  return [...new Set(wanted.items.map((item) => item.product_id))].filter((product_id) => !catalogue.has(product_id));
}

/** Prices an order; throws the refusal of an order that cannot be. */
export function priceOrder(wanted: Wanted, catalogue: ReadonlyMap<string, CatalogueProduct>): PricedOrder {
  const products = sellableProducts(wanted, catalogue);
  const currency = commonCurrency(wanted, products);
  const items = mergedQuantities(wanted).map(([product_id, quantity]) => {
    const { sku, name, price } = products.get(product_id) as SellableProduct;
    return { product_id, sku, name, quantity, price, line_total: lineTotal(price, quantity) };
  });
  const total_amount = items.reduce((sum, item) => sum + item.line_total, 0);
  if (total_amount > amountMinorMax) throw tooLarge();
  checkExpectedTotal(wanted.expected_total, total_amount, currency);
  return { items, total_amount, currency };
}

function sellableProducts(wanted: Wanted, catalogue: ReadonlyMap<string, CatalogueProduct>): Map<string, SellableProduct> {
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
  const [first] = errors;
  return refusal(
    'product_unknown',
    `Of the products ordered, ${first?.detail}${errors.length > 1 ? `, and ${errors.length - 1} more` : ''}.`,
    { errors },
  );
}

function commonCurrency(wanted: Wanted, products: ReadonlyMap<string, SellableProduct>): string {
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
function mergedQuantities(wanted: Wanted): [string, number][] {
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

function tooLarge(): AppError {
  return refusal('total_too_large', `The total is above ${amountMinorMax} minor units.`, { pointer: '/items' });
}

function checkExpectedTotal(expected_total: number | undefined, total: number, currency: string): void {
  if (expected_total === undefined || toMinor(expected_total, currency, '/expected_total') === total) return;
  const total_amount = toMajor(total, currency);
  throw refusal('total_changed', `The total is ${total_amount} ${currency} now, not ${expected_total}.`, {
    total_amount,
    currency,
    expected_total,
  });
}

/** Pieces of all lines together. */
export function piecesOf({ items }: Pick<PricedOrder, 'items'>): number {
  return items.reduce((sum, { quantity }) => sum + quantity, 0);
}

/**
 * The order in the shape of its contract: amounts in major units, and members in the order of the contract whatever order
 * they were sent or stored in (`jsonb` keeps none), so that an order reads the same after it was placed and ever after.
 */
export function toResource(order: OrderRecord): Order {
  const { currency } = order;
  const items = order.items.map(({ product_id, sku, name, quantity, price, line_total }) => ({
    product_id,
    sku,
    name,
    quantity,
    price: toMajor(price, currency),
    line_total: toMajor(line_total, currency),
  }));
  return {
    id: order.id,
    order_number: order.order_number,
    user_id: order.user_id,
    status: order.status,
    items,
    total_amount: toMajor(order.total_amount, currency),
    currency,
    shipping_address: order.shipping_address && presentAddress(order.shipping_address),
    cancel_reason: order.cancel_reason,
    carrier: order.carrier,
    tracking_number: order.tracking_number,
    version: order.version,
    created_at: order.created_at,
    updated_at: order.updated_at,
  };
}

type Address = NonNullable<Order['shipping_address']>;
const addressMembers = Object.keys(fields.ShippingAddress.properties) as (keyof Address)[];

function presentAddress(address: Address): Address {
  const members = addressMembers.filter((name) => address[name] !== undefined).map((name) => [name, address[name]]);
  return Object.fromEntries(members) as Address;
}

/** Whether the checkout of an order is over. */
export function isDecided(status: Order['status']): boolean {
  return status !== 'pending' && status !== 'awaiting_payment';
}
