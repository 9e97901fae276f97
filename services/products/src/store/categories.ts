/** SQL of categories: the tree, the labels by which products name them, and how many products and groups they have. */
import type { Queryable, Tx } from '@souk/postgres';
import type { CategoryRecord } from '../domain/categories.ts';

/** Stands for the whole catalogue among the counts of categories. */
export const wholeCatalogue = '00000000-0000-0000-0000-000000000000';

/** Adds to the numbers of products of labels, in order of label. */
export async function addToCategories(tx: Tx, changes: ReadonlyMap<string, number>): Promise<void> {
  if (changes.size === 0) return;
  const sorted = [...changes].sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
  await tx.query(
    `insert into category_counts (name, product_count) select name, change from unnest($1::text[], $2::bigint[]) as given (name, change)
     on conflict (name) do update set product_count = category_counts.product_count + excluded.product_count`,
    [sorted.map(([name]) => name), sorted.map(([, change]) => change)],
  );
}

/** Keeps the tree as it is until the end of the transaction, beside others who do the same. */
export async function holdTree(tx: Tx): Promise<void> {
  await tx.query("select pg_advisory_xact_lock_shared(hashtext('souk category tree'))");
}

/** The labels that products of these groups name and no category has. */
export async function unknownLabels(tx: Tx, group_ids: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ label: string }>(
    `select distinct p.category collate "C" as label from products p
     where (p.group_id = any($1::uuid[]) or (p.group_id is null and p.id = any($1::uuid[]))) and p.category is not null
       and not exists (select from category_labels l where l.label = p.category collate "C")
     order by 1`,
    [group_ids],
  );
  return rows.map(({ label }) => label);
}

/** Whether the label was free and leads to this category now. Waits for a transaction that claims the same one. */
export async function claimLabel(tx: Tx, label: string, category_id: string): Promise<boolean> {
  const rows = await tx.query<{ label: string }>(
    'insert into category_labels (label, category_id) values ($1, $2) on conflict (label) do nothing returning label',
    [label, category_id],
  );
  return rows.length > 0;
}

/** The place behind its siblings is its own where none is named. */
export async function insertCategory(tx: Tx, category: Omit<CategoryRecord, 'position'> & { position: number | null }): Promise<number> {
  const { id, handle, name, parent_id, path, facet_names, version, position } = category;
  const rows = await tx.query<{ position: number }>(
    `insert into categories (id, handle, name, parent_id, path, facet_names, version, position)
     values ($1, $2, $3, $4, $5, $6, $7,
       coalesce($8, (select coalesce(max(position), 0) + 1 from categories where parent_id is not distinct from $4::uuid)))
     returning position`,
    [id, handle, name, parent_id, path, facet_names, version, position],
  );
  return rows[0]?.position ?? 0;
}

/** A category with the labels of all below it and of itself. */
export interface CategoryScope {
  id: string;
  labels: string[];
  /** Its own, else those of the nearest above it that has some. */
  facet_names: string[] | null;
}

/** The category that a label leads to. */
export async function findScope(db: Queryable, label: string): Promise<CategoryScope | undefined> {
  const rows = await db.query<CategoryScope>(
    `select c.id,
       array(select l.label from categories d join category_labels l on l.category_id = d.id where d.path @> array[c.id] order by l.label) as labels,
       (select a.facet_names from categories a where a.id = any(c.path) and a.facet_names is not null
        order by cardinality(a.path) desc limit 1) as facet_names
     from category_labels n join categories c on c.id = n.category_id where n.label = $1`,
    [label],
  );
  return rows[0];
}

export type CountedCategory = CategoryRecord & { product_count: number; total_product_count: number; group_count: number };

const counted = `with own as (
    select l.category_id, sum(n.product_count)::bigint as products
    from category_counts n join category_labels l on l.label = n.name where n.product_count > 0 group by 1
  ), totals as (
    select above.id, sum(o.products)::bigint as products
    from own o join categories c on c.id = o.category_id cross join lateral unnest(c.path) as above (id) group by 1
  )
  select c.id, c.handle, c.name, c.parent_id, c.path, c.position, c.facet_names, c.version, coalesce(o.products, 0) as product_count,
    coalesce(t.products, 0) as total_product_count, coalesce(g.group_count, 0) as group_count
  from categories c left join own o on o.category_id = c.id left join totals t on t.id = c.id
    left join facet_counts g on g.category_id = c.id and g.name = '' and g.value = ''`;

/** All categories by name, with the numbers of their products, with those below them, and of the groups of both. */
export function findCategories(db: Queryable): Promise<CountedCategory[]> {
  return db.query<CountedCategory>(`${counted} order by c.name collate "C", c.id`);
}

export async function findCategory(db: Queryable, id: string): Promise<CountedCategory | undefined> {
  const rows = await db.query<CountedCategory>(`${counted} where c.id = $1`, [id]);
  return rows[0];
}
