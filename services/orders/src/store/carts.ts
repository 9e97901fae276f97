import type { CartLine } from '@souk/contracts';
import type { Queryable, Tx } from '@souk/postgres';

/** A row of `carts`. */
export interface CartRow {
  version: number;
  lines: CartLine[];
  later: CartLine[];
  updated_at: string;
}

export async function findCart(db: Queryable, user_id: string): Promise<CartRow | undefined> {
  const [row] = await db.query<CartRow>('select version, lines, later, updated_at from carts where user_id = $1', [user_id]);
  return row;
}

/** Writes the whole cart and gives it the next version of all. */
export async function saveCart(
  tx: Tx,
  { user_id, lines, later, at }: { user_id: string; lines: readonly CartLine[]; later: readonly CartLine[]; at: string },
): Promise<number> {
  const [row] = await tx.query<{ version: number }>(
    `insert into carts (user_id, version, lines, later, updated_at)
     values ($1, nextval('cart_versions'), $2::jsonb, $3::jsonb, $4)
     on conflict (user_id) do update set version = excluded.version, lines = excluded.lines, later = excluded.later, updated_at = excluded.updated_at
     returning version`,
    [user_id, JSON.stringify(lines), JSON.stringify(later), at],
  );
  return row?.version ?? 0;
}

export interface OrderedCart {
  user_id: string;
  cart_version: number;
}

/** Takes away the carts that were ordered, each only while it is at that version. */
export async function deleteOrderedCarts(tx: Tx, ordered: readonly OrderedCart[]): Promise<void> {
  await tx.query(
    `delete from carts c using json_to_recordset($1::json) o (user_id uuid, cart_version bigint)
     where c.user_id = o.user_id and c.version = o.cart_version`,
    [JSON.stringify(ordered)],
  );
}

export async function deleteCarts(tx: Tx, user_ids: readonly string[]): Promise<void> {
  await tx.query('delete from carts where user_id = any($1::uuid[])', [user_ids]);
}
