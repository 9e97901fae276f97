import type { Queryable, Tx } from '@souk/postgres';

/** Adds to the counts of categories, in order of name. */
export async function addToCategories(tx: Tx, changes: ReadonlyMap<string, number>): Promise<void> {
  if (changes.size === 0) return;
  const sorted = [...changes].sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
  await tx.query(
    `insert into category_counts (name, product_count) select name, change from unnest($1::text[], $2::bigint[]) as given (name, change)
     on conflict (name) do update set product_count = category_counts.product_count + excluded.product_count`,
    [sorted.map(([name]) => name), sorted.map(([, change]) => change)],
  );
}

/** The categories that have products, by name. */
export function findCategories(db: Queryable): Promise<{ name: string; product_count: number }[]> {
  return db.query('select name, product_count from category_counts where product_count > 0 order by name');
}
