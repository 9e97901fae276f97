/** SQL of changes of the tree of categories; one transaction at a time makes them. */
import type { Tx } from '@souk/postgres';
import type { CategoryRecord } from '../domain/categories.ts';

/** Keeps all others who change the tree or count by it away until the end of the transaction. */
export async function lockTree(tx: Tx): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtext('souk category tree'))");
}

/** Categories of these ids, and how many levels each has with all below it. */
export function categoriesOf(tx: Tx, ids: readonly string[]): Promise<(CategoryRecord & { levels: number })[]> {
  return tx.query(
    `select c.id, c.handle, c.name, c.parent_id, c.path, c.position, c.facet_names, c.version,
       (select max(cardinality(d.path)) from categories d where d.path @> array[c.id]) - cardinality(c.path) + 1 as levels
     from categories c where c.id = any($1::uuid[])`,
    [ids],
  );
}

/** Whether another category of the same parent has the name. */
export async function hasSibling(tx: Tx, { id, name, parent_id }: Pick<CategoryRecord, 'id' | 'name' | 'parent_id'>): Promise<boolean> {
  const rows = await tx.query('select from categories where parent_id is not distinct from $1::uuid and name = $2 and id <> $3 limit 1', [
    parent_id,
    name,
    id,
  ]);
  return rows.length > 0;
}

/** Whether the label leads to this category. */
export async function leadsTo(tx: Tx, label: string, id: string): Promise<boolean> {
  const rows = await tx.query('select from category_labels where label = $1 and category_id = $2', [label, id]);
  return rows.length > 0;
}

export async function saveCategory(tx: Tx, category: CategoryRecord): Promise<void> {
  const { id, handle, name, parent_id, position, facet_names, version } = category;
  await tx.query(
    'update categories set handle = $2, name = $3, parent_id = $4, position = $5, facet_names = $6, version = $7 where id = $1',
    [id, handle, name, parent_id, position, facet_names, version],
  );
}

/** Puts a category with all below it under another path, and takes what is counted of it along. */
export async function moveBranch(tx: Tx, id: string, before: readonly string[], after: readonly string[]): Promise<void> {
  await tx.query('update categories set path = $2::uuid[] || path[$3::integer:] where path @> array[$1::uuid]', [
    id,
    after.slice(0, -1),
    before.length,
  ]);
  const left = before.filter((above) => !after.includes(above));
  const entered = after.filter((above) => !before.includes(above));
  await tx.query(
    `insert into facet_counts as f (category_id, name, value, group_count)
     select place.id, c.name, c.value, c.group_count * place.sign
     from facet_counts c cross join unnest($2::uuid[], $3::integer[]) as place (id, sign)
     where c.category_id = $1 and c.group_count <> 0 order by 1, 2, 3
     on conflict (category_id, name, value) do update set group_count = f.group_count + excluded.group_count`,
    [id, [...left, ...entered], [...left.map(() => -1), ...entered.map(() => 1)]],
  );
}
