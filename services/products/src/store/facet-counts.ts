/** SQL of kept counts: what a category has, without a further filter, is read and not counted. */
import type { Queryable } from '@souk/postgres';

export interface CountedValue {
  name: string;
  value: string;
  group_count: number;
}

/** How many listed groups a category has, with what is below it. */
export async function countedGroups(db: Queryable, category_id: string): Promise<number> {
  const rows = await db.query<{ group_count: number }>(
    "select group_count from facet_counts where category_id = $1 and name = '' and value = ''",
    [category_id],
  );
  return rows[0]?.group_count ?? 0;
}

/** The names that most groups of a category have something under, options before attributes. */
export async function countedNames(db: Queryable, category_id: string, most: number): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    `select name from (
       select name, group_count from facet_counts where category_id = $1 and value = '' and group_count > 0 order by group_count desc limit 200
     ) most where name <> '' order by name like 'attribute.%', group_count desc, name limit $2`,
    [category_id, most],
  );
  return rows.map(({ name }) => name);
}

/** The values of each name that most groups of a category have. */
export function countedValues(db: Queryable, category_id: string, names: readonly string[], most: number): Promise<CountedValue[]> {
  return db.query<CountedValue>(
    `select given.name, v.value, v.group_count from unnest($2::text[]) with ordinality as given (name, place)
     cross join lateral (
       select value, group_count from facet_counts
       where category_id = $1 and name = given.name and value <> '' and group_count > 0 order by group_count desc, value limit $3
     ) v order by given.place, v.group_count desc, v.value`,
    [category_id, names, most],
  );
}

/** How many products of these labels are sold. */
export async function countedProducts(db: Queryable, labels: readonly string[]): Promise<number> {
  const rows = await db.query<{ product_count: number }>(
    'select coalesce(sum(product_count), 0)::bigint as product_count from category_counts where name = any($1::text[])',
    [labels],
  );
  return rows[0]?.product_count ?? 0;
}
