/** SQL of lists. The text of a statement depends on which filters are used, never on their values. */
import type { Queryable } from '@souk/postgres';
import type { Matches } from '../domain/matches.ts';
import type { StockedProduct } from '../domain/product.ts';
import { stockedColumns } from './products.ts';

export interface ProductFilters {
  sku?: string | undefined;
  /** Of categories, as products name them. */
  labels?: readonly string[] | undefined;
  /** By attribute and option; none where it is empty. */
  matches?: Matches | undefined;
  /** Minor units of `price_currency`. */
  min_price?: number | undefined;
  max_price?: number | undefined;
  /** Given with a bound: amounts of different currencies cannot be compared, so only prices in this one are. */
  price_currency?: string | undefined;
  group_id?: string | undefined;
  in_stock?: boolean | undefined;
}

export type SortOrder = 'name' | 'price' | '-price' | 'newest';

/** The last row of a page: its value in the order, and its id. */
export interface ListPosition {
  value?: string | number | undefined;
  /** Of a price. */
  currency?: string | undefined;
  id: string;
}

export interface ListPage {
  limit: number;
  skip: number;
  after: ListPosition | undefined;
}

export interface ListRow extends StockedProduct {
  sort_name: string;
}

/** The column of an order, the type of its values, and its direction; the id decides between equals, in the same direction. */
export const orders: Readonly<Record<SortOrder, { column: 'sort_name' | 'price' | undefined; type: string; direction: 'asc' | 'desc' }>> = {
  name: { column: 'sort_name', type: 'text', direction: 'asc' },
  price: { column: 'price', type: 'bigint', direction: 'asc' },
  '-price': { column: 'price', type: 'bigint', direction: 'desc' },
  newest: { column: undefined, type: '', direction: 'desc' },
};

/** The values of a statement under construction; `add` answers the placeholder. */
export function createValues(): { values: unknown[]; add(value: unknown, type: string): string } {
  const values: unknown[] = [];
  return { values, add: (value, type) => `$${values.push(value)}::${type}` };
}

type Values = ReturnType<typeof createValues>;

/** The conditions of the filters over `p` (products) and `s` (product_stock). */
export function filterConditions(filters: ProductFilters, values: Values, p = 'p'): string[] {
  const conditions = [`${p}.status = 'active'`, ...contentConditions(filters, values, p)];
  if (filters.in_stock !== undefined) conditions.push(filters.in_stock ? 's.stock_quantity > 0' : 's.stock_quantity = 0');
  return conditions;
}

/** The conditions of the filters on what products themselves say, whatever the statement calls them. */
export function contentConditions(filters: ProductFilters, { add }: Values, p = 'p'): string[] {
  const { sku, labels, matches = [], min_price, max_price, price_currency, group_id } = filters;
  const conditions: string[] = [];
  if (sku !== undefined) conditions.push(`${p}.sku = ${add(sku, 'text')}`);
  if (labels !== undefined) conditions.push(isOneOf(`${p}.category`, labels, add));
  if (min_price !== undefined) conditions.push(`${p}.price >= ${add(min_price, 'bigint')}`);
  if (max_price !== undefined) conditions.push(`${p}.price <= ${add(max_price, 'bigint')}`);
  if (price_currency !== undefined) conditions.push(`${p}.currency = ${add(price_currency, 'text')}`);
  if (group_id !== undefined) conditions.push(`${p}.group_id = ${add(group_id, 'uuid')}`);
  for (const tokens of matches) conditions.push(`facet_tokens(${p}.attributes, ${p}.options) && ${add(tokens, 'text[]')}`);
  return conditions;
}

/** Of one label an index answers in the order of the list. */
export function isOneOf(column: string, labels: readonly string[], add: Values['add']): string {
  return labels.length === 1 ? `${column} = ${add(labels[0], 'text')}` : `${column} = any(${add(labels, 'text[]')})`;
}

/** What makes a page of an order: the condition to go on after a row, and the order itself. */
export interface PageClauses {
  conditions: string[];
  order: string;
}

/**
 * Over rows whose currencies are distinguished by `shop_currency` alone: prices of different currencies cannot be compared, so an
 * order by price has the shop's own currency first, then the others one after the other.
 */
export function pageClauses(sort: SortOrder, after: ListPosition | undefined, shop_currency: string, { add }: Values): PageClauses {
  const { column, type, direction } = orders[sort];
  const compare = direction === 'asc' ? '>' : '<';
  if (column === 'price') {
    // True sorts after false, so that one direction serves all members of the row.
    const own = `(p.currency ${direction === 'asc' ? '<>' : '='} ${add(shop_currency, 'text')})`;
    const order = `${own} ${direction}, p.currency ${direction}, p.price ${direction}, p.id ${direction}`;
    if (after === undefined) return { conditions: [], order };
    const { currency = shop_currency, value, id } = after;
    const isOwn = (currency === shop_currency) === (direction === 'desc');
    const row = [add(isOwn, 'boolean'), add(currency, 'text'), add(value, type), add(id, 'uuid')].join(', ');
    return { conditions: [`(${own}, p.currency, p.price, p.id) ${compare} (${row})`], order };
  }
  const order = column === undefined ? `p.id ${direction}` : `p.${column} ${direction}, p.id ${direction}`;
  if (after === undefined) return { conditions: [], order };
  if (column === undefined) return { conditions: [`p.id ${compare} ${add(after.id, 'uuid')}`], order };
  return { conditions: [`(p.${column}, p.id) ${compare} (${add(after.value, type)}, ${add(after.id, 'uuid')})`], order };
}

/** One page of the catalogue. */
export async function listProducts(
  db: Queryable,
  filters: ProductFilters,
  sort: SortOrder,
  page: ListPage,
  shop_currency: string,
): Promise<ListRow[]> {
  if (orders[sort].column === 'price') {
    const source: PricedSource<ListRow> = {
      conditions: (statement) => filterConditions(filters, statement),
      rows: (conditions, order, part, statement) => rowsOf(db, conditions, order, part, statement),
      count: (conditions, most, values) => countUpTo(db, conditions, most, values),
      is_one_currency: filters.price_currency !== undefined,
    };
    return listByPrice(source, orders[sort].direction, page, shop_currency);
  }
  const statement = createValues();
  const { conditions, order } = pageClauses(sort, page.after, shop_currency, statement);
  return rowsOf(db, [...filterConditions(filters, statement), ...conditions], order, page, statement);
}

function rowsOf(
  db: Queryable,
  conditions: readonly string[],
  order: string,
  { limit, skip }: Pick<ListPage, 'limit' | 'skip'>,
  { add, values }: Values,
): Promise<ListRow[]> {
  return db.query<ListRow>(
    `select ${stockedColumns}, p.sort_name from products p join product_stock s on s.product_id = p.id
     where ${conditions.join(' and ')} order by ${order} limit ${add(limit, 'integer')} offset ${add(skip, 'integer')}`,
    values,
  );
}

/** What is listed by price: rows that have `p.currency`, `p.price` and `p.id`. */
export interface PricedSource<Row> {
  conditions(statement: Values): string[];
  rows(conditions: readonly string[], order: string, part: Pick<ListPage, 'limit' | 'skip'>, statement: Values): Promise<Row[]>;
  count(conditions: readonly string[], most: number, values: readonly unknown[]): Promise<number>;
  /** A filter leaves the shop's currency only. */
  is_one_currency: boolean;
}

/**
 * The same order as `pageClauses` makes, in up to three questions that one index answers in its own order: the shop's
 * currency, then those before and behind it. A shop of one currency asks the first only, but for its last page.
 */
export async function listByPrice<Row>(
  source: PricedSource<Row>,
  direction: 'asc' | 'desc',
  page: ListPage,
  shop_currency: string,
): Promise<Row[]> {
  const rest = direction === 'asc' ? (['<', '>'] as const) : (['>', '<'] as const);
  const parts = source.is_one_currency ? (['='] as const) : (['=', ...rest] as const);
  const current = page.after?.currency ?? shop_currency;
  const began = page.after === undefined ? 0 : parts.findIndex((part) => isIn(part, current, shop_currency));
  const rows: Row[] = [];
  let { skip } = page;
  for (const [index, part] of parts.entries()) {
    if (index < began) continue;
    const statement = createValues();
    const conditions = [...source.conditions(statement), `p.currency ${part} ${statement.add(shop_currency, 'text')}`];
    if (page.after !== undefined && index === began) conditions.push(behindRow(page.after, current, direction, statement));
    const order = `p.currency ${direction}, p.price ${direction}, p.id ${direction}`;
    const counted = skip > 0 ? await source.count(conditions, skip, statement.values) : 0;
    rows.push(...(await source.rows(conditions, order, { limit: page.limit - rows.length, skip: counted }, statement)));
    if (rows.length >= page.limit) break;
    skip -= counted;
  }
  return rows;
}

function isIn(part: '=' | '<' | '>', currency: string, shop_currency: string): boolean {
  if (part === '=') return currency === shop_currency;
  return part === '<' ? currency < shop_currency : currency > shop_currency;
}

function behindRow({ value, id }: ListPosition, currency: string, direction: 'asc' | 'desc', { add }: Values): string {
  const row = [add(currency, 'text'), add(value, 'bigint'), add(id, 'uuid')].join(', ');
  return `(p.currency, p.price, p.id) ${direction === 'asc' ? '>' : '<'} (${row})`;
}

/** How many products the filters let through, counted up to `most`. */
export function countProducts(db: Queryable, filters: ProductFilters, most: number): Promise<number> {
  const statement = createValues();
  return countUpTo(db, filterConditions(filters, statement), most, statement.values);
}

async function countUpTo(db: Queryable, conditions: readonly string[], most: number, values: readonly unknown[]): Promise<number> {
  const rows = await db.query<{ count: number }>(
    `select count(*)::int as count from (select from products p join product_stock s on s.product_id = p.id
     where ${conditions.join(' and ')} limit $${values.length + 1}::integer) counted`,
    [...values, most],
  );
  return rows[0]?.count ?? 0;
}
