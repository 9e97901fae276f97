/** SQL of lists. The text of a statement depends on which filters are used, never on their values. */
import type { Queryable } from '@souk/postgres';
import type { StockedProduct } from '../domain/product.ts';
import { stockedColumns } from './products.ts';

export interface ProductFilters {
  category?: string | undefined;
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
function filterConditions(filters: ProductFilters, values: Values): string[] {
  const conditions = [`p.status = 'active'`, ...contentConditions(filters, values)];
  if (filters.in_stock !== undefined) conditions.push(filters.in_stock ? 's.stock_quantity > 0' : 's.stock_quantity = 0');
  return conditions;
}

/** The conditions of the filters on what products themselves say. */
export function contentConditions(filters: ProductFilters, { add }: Values): string[] {
  const { category, min_price, max_price, price_currency, group_id } = filters;
  const conditions: string[] = [];
  if (category !== undefined) conditions.push(`p.category = ${add(category, 'text')}`);
  if (min_price !== undefined) conditions.push(`p.price >= ${add(min_price, 'bigint')}`);
  if (max_price !== undefined) conditions.push(`p.price <= ${add(max_price, 'bigint')}`);
  if (price_currency !== undefined) conditions.push(`p.currency = ${add(price_currency, 'text')}`);
  if (group_id !== undefined) conditions.push(`p.group_id = ${add(group_id, 'uuid')}`);
  return conditions;
}

/** What makes a page of an order: the condition to go on after a row, and the order itself. */
export function pageClauses(sort: SortOrder, after: ListPosition | undefined, { add }: Values): { conditions: string[]; order: string } {
  const { column, type, direction } = orders[sort];
  const compare = direction === 'asc' ? '>' : '<';
  const order = column === undefined ? `p.id ${direction}` : `p.${column} ${direction}, p.id ${direction}`;
  if (after === undefined) return { conditions: [], order };
  if (column === undefined) return { conditions: [`p.id ${compare} ${add(after.id, 'uuid')}`], order };
  return { conditions: [`(p.${column}, p.id) ${compare} (${add(after.value, type)}, ${add(after.id, 'uuid')})`], order };
}

export function listProducts(db: Queryable, filters: ProductFilters, sort: SortOrder, page: ListPage): Promise<ListRow[]> {
  const statement = createValues();
  const conditions = filterConditions(filters, statement);
  const clauses = pageClauses(sort, page.after, statement);
  return db.query<ListRow>(
    `select ${stockedColumns}, p.sort_name from products p join product_stock s on s.product_id = p.id
     where ${[...conditions, ...clauses.conditions].join(' and ')}
     order by ${clauses.order} limit ${statement.add(page.limit, 'integer')} offset ${statement.add(page.skip, 'integer')}`,
    statement.values,
  );
}
