/** SQL of search: bounded sets of candidates from the indexes, ranked, then one page of them. */
import type { Database } from '@souk/postgres';
import {
  contentConditions,
  createValues,
  type ListPosition,
  type ListRow,
  type ProductFilters,
  pageClauses,
  type SortOrder,
} from './lists.ts';
import { stockedColumns } from './products.ts';

export interface SearchQuestion {
  /** The words as typed, for SKU. */
  q: string;
  /** The words as names are sorted. */
  name: string;
  /** As a tsquery, and the same without prefixes and guesses. */
  full_text: string;
  exact: string;
  shop_currency: string;
}

export interface RankedRow extends ListRow {
  score: number;
}

/** The last row of a page by relevance. */
export interface RankPosition {
  score: number;
  id: string;
}

/** How many products each index may put forward. More could not be ranked in time, and no customer reads so far. */
export const candidatesMax = 500;
const sameNameMax = 100;
/** How many matches are looked at for their stock. */
const stockLookupsMax = 2_000;

interface PageSize {
  limit: number;
  skip: number;
}

/** Which page, in which order; `after` is the last row of the page before. */
export type SearchPage = PageSize &
  ({ sort: 'relevance'; after: RankPosition | undefined } | { sort: SortOrder; after: ListPosition | undefined });

/**
 * One page of what the question finds. Products whose name has all the words come before those that only mention them,
 * and the very name or SKU before everything.
 */
export function searchProducts(db: Database, question: SearchQuestion, filters: ProductFilters, page: SearchPage): Promise<RankedRow[]> {
  const statement = createValues();
  const { add } = statement;
  const { candidates, sku, name, query } = candidatesOfQuestion(question, filters, statement);
  const exact = add(question.exact, 'tsquery');
  const { conditions, order, order_of_page } = clausesOf(page, question.shop_currency, statement);
  const text = `with candidates as (
       ${candidates}
     ), ranked as (
       select p.id, p.price, p.currency, p.sort_name, (${scoreOf({ sku, name, query, exact })})::float8 as score
       from candidates c join products p on p.id = c.id
     ), page as (
       select p.id, p.score from ranked p ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
       order by ${order} limit ${add(page.limit, 'integer')} offset ${add(page.skip, 'integer')}
     )
     select ${stockedColumns}, p.sort_name, r.score
     from page r join products p on p.id = r.id join product_stock s on s.product_id = p.id order by ${order_of_page}`;
  return db.transaction(async (tx) => {
    // The same goes for reading the table from its beginning.
    await tx.query("select set_config('enable_seqscan', 'off', true)");
    return tx.finish<RankedRow>(text, statement.values);
  });
}

/** How many products, or groups of them, a question finds, as far as the indexes put them forward. */
export async function countFound(
  db: Database,
  question: SearchQuestion,
  filters: ProductFilters,
  of: 'products' | 'groups',
): Promise<number> {
  const statement = createValues();
  const { candidates } = candidatesOfQuestion(question, filters, statement);
  const counted = of === 'groups' ? 'distinct coalesce(p.group_id, p.id)' : '*';
  const text = `select count(${counted})::integer as count from (${candidates}) c join products p on p.id = c.id where p.status = 'active'`;
  const rows = await db.transaction(async (tx) => {
    await tx.query("select set_config('enable_seqscan', 'off', true)");
    return tx.finish<{ count: number }>(text, statement.values);
  });
  return rows[0]?.count ?? 0;
}

/** How well a product fits, all placeholders being those of its question. */
export function scoreOf({ sku, name, query, exact }: { sku: string; name: string; query: string; exact: string }): string {
  return `case when p.sku = ${sku} then 100 else 0 end + case when p.sort_name = ${name} then 10 else 0 end
         + case when ts_filter(p.document, '{a}') @@ ${query} then 1 else 0 end
         + case when ts_filter(p.document, '{a}') @@ ${exact} then 2 when p.document @@ ${exact} then 0.5 else 0 end
         + ts_rank(p.document, ${query})`;
}

/** What each index puts forward for a question, as one statement of ids, and the values it shares with others. */
export function candidatesOfQuestion(
  question: SearchQuestion,
  filters: ProductFilters,
  statement: ReturnType<typeof createValues>,
): { candidates: string; sku: string; name: string; query: string } {
  const found = candidatesOf(filters, statement);
  const sku = statement.add(question.q, 'text');
  const name = statement.add(question.name, 'text');
  const query = statement.add(question.full_text, 'tsquery');
  const candidates = [
    found(`p.sku = ${sku}`, 1),
    found(`p.status = 'active' and p.sort_name >= ${name} and p.sort_name < (${name} || chr(1114111)) collate "C"`, sameNameMax),
    found(`ts_filter(p.document, '{a}') @@ ${query}`, candidatesMax),
    found(`p.document @@ ${query}`, candidatesMax),
  ].join(' union ');
  return { candidates, sku, name, query };
}

/**
 * Makes the questions to the single indexes, with the filters in a form that leads to the full-text index. "Not archived"
 * says the same as "active", but no index of lists answers it: walking through one of those until enough rows match looks
 * cheap to the planner, and is not when they lie at its end. Filters by category and price may use theirs beside the
 * full text. The stock is looked up for a bounded number of matches.
 */
function candidatesOf(filters: ProductFilters, statement: ReturnType<typeof createValues>): (condition: string, most: number) => string {
  const { sku, labels, matches = [], min_price, max_price, in_stock } = filters;
  const narrowed = sku !== undefined || matches.length > 0 || labels !== undefined || min_price !== undefined || max_price !== undefined;
  const conditions = [narrowed ? `p.status = 'active'` : `p.status <> 'archived'`, ...contentConditions(filters, statement)].join(' and ');
  return (condition, most) => {
    const matching = `select p.id from products p where ${conditions} and ${condition}`;
    if (in_stock === undefined) return `(${matching} limit ${most})`;
    return `(select m.id from (${matching} limit ${stockLookupsMax}) m join product_stock s on s.product_id = m.id
        where s.stock_quantity ${in_stock ? '>' : '='} 0 limit ${most})`;
  };
}

function clausesOf(
  page: SearchPage,
  shop_currency: string,
  statement: ReturnType<typeof createValues>,
): { conditions: string[]; order: string; order_of_page: string } {
  if (page.sort !== 'relevance') {
    const { conditions, order } = pageClauses(page.sort, page.after, shop_currency, statement);
    return { conditions, order, order_of_page: order };
  }
  const { add } = statement;
  const conditions =
    page.after === undefined ? [] : [`(p.score, p.id) < (${add(page.after.score, 'float8')}, ${add(page.after.id, 'uuid')})`];
  return { conditions, order: 'p.score desc, p.id desc', order_of_page: 'r.score desc, r.id desc' };
}
