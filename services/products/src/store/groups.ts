/** SQL of groups. They are locked in order of their ids, after everything else that a transaction writes. */
import type { Queryable, Tx } from '@souk/postgres';
import type { GroupRecord, OptionValue } from '../domain/groups.ts';
import type { StockedProduct } from '../domain/product.ts';
import { stockedColumns } from './products.ts';

/** The columns of a group, `p` being groups: lists call everything that they list so. */
export const groupColumns =
  'p.id, p.handle, p.title, p.sort_name, p.description, p.category, p.image_url, p.image, p.price, p.price_max, p.currency, p.active_count, p.available_count, p.newest_id';

/** Locks these groups, those with members made where they are missing; answers which are new. */
export async function lockGroups(tx: Tx, ids: readonly string[], with_members: readonly string[] = []): Promise<string[]> {
  const made = await tx.query<{ id: string }>(
    `insert into groups (id, title, sort_name, description, price, price_max, currency, active_count, available_count, newest_id)
     select id, '', '', '', 0, 0, '', 0, 0, id from unnest($1::uuid[]) as given (id) order by id on conflict (id) do nothing returning id`,
    [with_members],
  );
  await tx.query('select from groups where id = any($1::uuid[]) order by id for update', [ids]);
  return made.map(({ id }) => id);
}

/** The next numbers of names, so many for each: answers the last one. In order of name. */
export function takeNumbers(tx: Tx, bases: readonly string[], counts: readonly number[]): Promise<{ base: string; last_number: number }[]> {
  return tx.query(
    `insert into handle_numbers as h (base, last_number)
     select base, wanted from unnest($1::text[], $2::integer[]) as given (base, wanted) order by base collate "C"
     on conflict (base) do update set last_number = h.last_number + excluded.last_number returning base, last_number`,
    [bases, counts],
  );
}

/** Reserves handles for groups; answers the groups that got theirs. */
export async function reserveHandles(tx: Tx, handles: readonly string[], ids: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ group_id: string }>(
    `insert into group_handles (handle, group_id)
     select handle, id from unnest($1::text[], $2::uuid[]) as given (handle, id) order by handle collate "C"
     on conflict (handle) do nothing returning group_id`,
    [handles, ids],
  );
  return rows.map(({ group_id }) => group_id);
}

export async function setHandles(tx: Tx, handles: readonly string[], ids: readonly string[]): Promise<void> {
  await tx.query('update groups g set handle = n.handle from unnest($1::text[], $2::uuid[]) as n (handle, id) where g.id = n.id', [
    handles,
    ids,
  ]);
}

/** The groups of products that are held until the end of the transaction, so that none of them can change its group meanwhile. */
export async function groupsOfHeld(tx: Tx, product_ids: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ group_id: string }>(
    'select coalesce(group_id, id) as group_id from products where id = any($1::uuid[]) order by id for share',
    [product_ids],
  );
  return rows.map(({ group_id }) => group_id);
}

/** Locks products whose group was made with another version of them; those that another transaction holds are left to it. */
export function lockUngrouped(
  tx: Tx,
  most: number,
): Promise<{ id: string; group_id: string | null; name: string; handle: string | null }[]> {
  return tx.query(
    'select id, group_id, name, handle from products where grouped_version <> version order by id limit $1 for update skip locked',
    [most],
  );
}

export async function noteGrouped(tx: Tx, product_ids: readonly string[]): Promise<void> {
  await tx.query('update products set grouped_version = version where id = any($1::uuid[])', [product_ids]);
}

/** The group of this handle, present or old, or of this id. */
export async function findGroup(db: Queryable, handle: string, id: string | undefined): Promise<GroupRecord | undefined> {
  const rows = await db.query<GroupRecord>(
    `select ${groupColumns} from groups p
     where p.id = coalesce($2::uuid, (select group_id from group_handles where handle = $1)) and p.handle is not null`,
    [handle, id ?? null],
  );
  return rows[0];
}

/** What active variants offer, of at most so many of them. */
export function findOptions(db: Queryable, group_id: string, most: number): Promise<OptionValue[]> {
  return db.query<OptionValue>(
    `select o.key as name, o.value, bool_or(v.is_available) as available
     from (
       select p.id, p.options, s.stock_quantity > 0 as is_available
       from products p join product_stock s on s.product_id = p.id
       where (p.group_id = $1 or (p.group_id is null and p.id = $1)) and p.status = 'active' order by p.id limit $2
     ) v cross join lateral jsonb_each_text(v.options) as o (key, value)
     group by o.key, o.value order by min(v.id::text), o.key, o.value`,
    [group_id, most],
  );
}

/** Active variants in order of creation, after one of them. */
export function findVariants(db: Queryable, group_id: string, after: string | undefined, limit: number): Promise<StockedProduct[]> {
  return db.query<StockedProduct>(
    `select ${stockedColumns} from products p join product_stock s on s.product_id = p.id
     where (p.group_id = $1 or (p.group_id is null and p.id = $1)) and p.status = 'active' and ($2::uuid is null or p.id > $2)
     order by p.id limit $3`,
    [group_id, after ?? null, limit],
  );
}
