/** What a cart holds and what it costs, as the services say it now. */
import { listAvailability, listProducts, type Quote, type QuoteRequest, quoteOrder } from '@souk/contracts';
import { AppError, toMajor, toMinor } from '@souk/kernel';
import type { CartLineView, CartTotal } from '@souk/storefront';
import type { Cart } from '../domain/cart.ts';
import { shown } from './load-pages.ts';
import type { Parts } from './load-parts.ts';

export type LoadedLine = CartLineView;

export async function loadLines({ optional }: Parts, { lines }: Pick<Cart, 'lines'>): Promise<LoadedLine[]> {
  if (lines.length === 0) return [];
  const ids = lines.map(({ product_id }) => product_id).join(',');
  const [products, levels] = await Promise.all([
    optional(async (read) => (await read(listProducts, { query: { ids, limit: lines.length } })).body.map(shown)),
    optional(async (read) => (await read(listAvailability, { query: { product_ids: ids } })).body),
  ]);
  return lines.map(({ product_id, quantity }) => ({
    product_id,
    quantity,
    product: products?.find(({ id }) => id === product_id),
    pieces: levels?.find((level) => level.product_id === product_id)?.available,
    line_total: undefined,
  }));
}

export type QuoteRefusal =
  | 'product_unknown'
  | 'currency_mismatch'
  | 'country_unknown'
  | 'address_incomplete'
  | 'shipping_unavailable'
  | 'total_too_large'
  | 'away';

/** What the lines cost there. */
export async function quoteOf(
  { needed }: Parts,
  { lines }: Pick<Cart, 'lines'>,
  to: Pick<QuoteRequest, 'shipping_address' | 'shipping_method'>,
): Promise<Quote | QuoteRefusal> {
  const items = lines.map(({ product_id, quantity }) => ({ product_id, quantity }));
  try {
    return (await needed(quoteOrder, { body: { items, ...to } })).body;
  } catch (error) {
    const code = error instanceof AppError ? error.code : undefined;
    return refusals.find((known) => known === code) ?? 'away';
  }
}

const refusals: readonly QuoteRefusal[] = [
  'product_unknown',
  'currency_mismatch',
  'country_unknown',
  'address_incomplete',
  'shipping_unavailable',
  'total_too_large',
];
const reasons = {
  product_unknown: 'unsellable',
  currency_mismatch: 'currencies',
  total_too_large: 'too_large',
  away: 'away',
} as const;

/** The lines with what each costs, and their sum. Where it is the place that cannot be decided yet, prices alone are enough for that. */
export function totalled(lines: readonly LoadedLine[], quote: Quote | QuoteRefusal): { lines: LoadedLine[]; total: CartTotal } {
  if (typeof quote === 'object') {
    const totals = new Map(quote.lines.map(({ product_id, line_total }) => [product_id, line_total]));
    return { lines: lines.map((line) => ({ ...line, line_total: totals.get(line.product_id) })), total: quote };
  }
  if (quote === 'country_unknown' || quote === 'address_incomplete' || quote === 'shipping_unavailable') return sumOf(lines);
  return { lines: [...lines], total: reasons[quote] };
}

function sumOf(lines: readonly LoadedLine[]): { lines: LoadedLine[]; total: CartTotal } {
  const priced = lines.map((line) => {
    const { product, quantity } = line;
    if (product === undefined) return { line, minor: undefined };
    const minor = toMinor(product.price, product.currency) * quantity;
    return { line: { ...line, line_total: toMajor(minor, product.currency) }, minor };
  });
  const currency = lines[0]?.product?.currency;
  const all = priced.map(({ line }) => line);
  if (currency === undefined || priced.some(({ minor }) => minor === undefined)) return { lines: all, total: 'away' };
  if (lines.some(({ product }) => product?.currency !== currency)) return { lines: all, total: 'currencies' };
  const items_total = toMajor(
    priced.reduce((sum, { minor = 0 }) => sum + minor, 0),
    currency,
  );
  return { lines: all, total: { items_total, currency } };
}
