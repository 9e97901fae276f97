/** SQL of lists of groups; they call their columns as lists of products do, and share the orders with those. */
import type { Database, Queryable } from '@souk/postgres';
import type { GroupRecord } from '../domain/groups.ts';
import { groupColumns } from './groups.ts';
import {
  createValues,
  filterConditions,
  isOneOf,
  type ListPage,
  type ListPosition,
  listByPrice,
  type ProductFilters,
  pageClauses,
  type SortOrder,
} from './lists.ts';
import { candidatesOfQuestion, type RankPosition, type SearchQuestion, scoreOf } from './search.ts';

export type GroupFilters = Omit<ProductFilters, 'group_id'>;

export interface RankedGroup extends GroupRecord {
  score: number;
}

type Values = ReturnType<typeof createValues>;

/**
 * The conditions of the filters: a group is let through where one of its variants may be. Filters by SKU, attribute and option must all be
 * met by one variant, and those by price and stock beside them by the same.
 */
export function groupConditions(filters: GroupFilters, statement: Values): string[] {
  const { sku, labels, matches = [], min_price, max_price, price_currency, in_stock } = filters;
  const { add } = statement;
  const conditions = ['p.active_count > 0'];
  if (labels !== undefined) conditions.push(isOneOf('p.category', labels, add));
  if (min_price !== undefined) conditions.push(`p.price_max >= ${add(min_price, 'bigint')}`);
  if (max_price !== undefined) conditions.push(`p.price <= ${add(max_price, 'bigint')}`);
  if (price_currency !== undefined) conditions.push(`p.currency = ${add(price_currency, 'text')}`);
  if (in_stock !== undefined) conditions.push(in_stock ? 'p.available_count > 0' : 'p.available_count = 0');
  if (sku !== undefined) conditions.push(`p.id = (select coalesce(o.group_id, o.id) from products o where o.sku = ${add(sku, 'text')})`);
  for (const tokens of matches) conditions.push(`p.facets && ${add(tokens, 'text[]')}`);
  if (isOfOneVariant(filters)) conditions.push(variantExists(filters, statement));
  return conditions;
}

/** Whether the row of the group cannot say that all filters are met by one variant. */
function isOfOneVariant({ sku, matches = [], price_currency, in_stock }: GroupFilters): boolean {
  const others = [sku, price_currency, in_stock].filter((filter) => filter !== undefined).length;
  return sku !== undefined || matches.length > 1 || (matches.length === 1 && others > 0);
}

/**
 * The variants of each group are read by its id, and the filters looked at behind a fence: else what fits the filters anywhere in the
 * catalogue is collected from their indexes, and compared with every group.
 */
function variantExists({ labels: _of_the_group, ...filters }: GroupFilters, statement: Values): string {
  const columns = 'id, sku, price, currency, status, group_id, attributes, options';
  return `exists (select from (
      select ${columns} from products where group_id = p.id
      union all select ${columns} from products where id = p.id and group_id is null offset 0
    ) v join product_stock s on s.product_id = v.id where ${filterConditions(filters, statement, 'v').join(' and ')})`;
}

/** One page of the catalogue by groups. */
export function listGroups(
  db: Queryable,
  filters: GroupFilters,
  sort: SortOrder,
  page: ListPage,
  shop_currency: string,
): Promise<GroupRecord[]> {
  if (sort === 'price' || sort === '-price') {
    const source = {
      conditions: (statement: Values) => groupConditions(filters, statement),
      rows: (conditions: readonly string[], order: string, part: Pick<ListPage, 'limit' | 'skip'>, statement: Values) =>
        groupRows(db, conditions, order, part, statement),
      count: (conditions: readonly string[], most: number, values: readonly unknown[]) => countGroups(db, conditions, most, values),
      is_one_currency: filters.price_currency !== undefined,
    };
    return listByPrice(source, sort === 'price' ? 'asc' : 'desc', page, shop_currency);
  }
  const statement = createValues();
  const { conditions, order } = clausesOf(sort, page.after, shop_currency, statement);
  return groupRows(db, [...groupConditions(filters, statement), ...conditions], order, page, statement);
}

/** Ids of groups say nothing about when they were made; the newest of their variants does. */
function clausesOf(sort: SortOrder, after: ListPosition | undefined, shop_currency: string, statement: Values) {
  if (sort !== 'newest') return pageClauses(sort, after, shop_currency, statement);
  const conditions = after === undefined ? [] : [`p.newest_id < ${statement.add(after.id, 'uuid')}`];
  return { conditions, order: 'p.newest_id desc' };
}

function groupRows(
  db: Queryable,
  conditions: readonly string[],
  order: string,
  { limit, skip }: Pick<ListPage, 'limit' | 'skip'>,
  { add, values }: Values,
): Promise<GroupRecord[]> {
  return db.query<GroupRecord>(
    `select ${groupColumns} from groups p
     where ${conditions.join(' and ')} order by ${order} limit ${add(limit, 'integer')} offset ${add(skip, 'integer')}`,
    values,
  );
}

/** How many groups the filters let through, counted up to `most`. */
export function countListed(db: Queryable, filters: GroupFilters, most: number): Promise<number> {
  const statement = createValues();
  return countGroups(db, groupConditions(filters, statement), most, statement.values);
}

async function countGroups(db: Queryable, conditions: readonly string[], most: number, values: readonly unknown[]): Promise<number> {
  const rows = await db.query<{ count: number }>(
    `select count(*)::int as count from (select from groups p
     where ${conditions.join(' and ')} limit $${values.length + 1}::integer) counted`,
    [...values, most],
  );
  return rows[0]?.count ?? 0;
}

/** Which page, in which order; `after` is the last row of the page before. */
export type GroupSearchPage = Pick<ListPage, 'limit' | 'skip'> &
  ({ sort: 'relevance'; after: RankPosition | undefined } | { sort: SortOrder; after: ListPosition | undefined });

/** Groups of the products that a question finds, each as good as the best of its variants. */
export function searchGroups(db: Database, question: SearchQuestion, filters: GroupFilters, page: GroupSearchPage): Promise<RankedGroup[]> {
  const statement = createValues();
  const { add } = statement;
  const { candidates, sku, name, query } = candidatesOfQuestion(question, filters, statement);
  const exact = add(question.exact, 'tsquery');
  const { conditions, order } = rankedClauses(page, question.shop_currency, statement);
  const text = `with candidates as (
       ${candidates}
     ), ranked as (
       select coalesce(p.group_id, p.id) as group_id, max(${scoreOf({ sku, name, query, exact })})::float8 as score
       from candidates c join products p on p.id = c.id where p.status = 'active' group by 1
     )
     select ${groupColumns}, r.score from ranked r join groups p on p.id = r.group_id
     where ${conditions.join(' and ')} order by ${order}
     limit ${add(page.limit, 'integer')} offset ${add(page.skip, 'integer')}`;
  return db.transaction(async (tx) => {
    // As a search of products does.
    await tx.query("select set_config('enable_seqscan', 'off', true)");
    return tx.finish<RankedGroup>(text, statement.values);
  });
}

function rankedClauses(page: GroupSearchPage, shop_currency: string, statement: Values): { conditions: string[]; order: string } {
  const listed = 'p.active_count > 0';
  if (page.sort !== 'relevance') {
    const { conditions, order } = clausesOf(page.sort, page.after, shop_currency, statement);
    return { conditions: [listed, ...conditions], order };
  }
  const { add } = statement;
  const order = 'r.score desc, p.id desc';
  if (page.after === undefined) return { conditions: [listed], order };
  return { conditions: [listed, `(r.score, p.id) < (${add(page.after.score, 'float8')}, ${add(page.after.id, 'uuid')})`], order };
}
