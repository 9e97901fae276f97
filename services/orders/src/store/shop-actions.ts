/** SQL of the table shop_actions. */
import type { ShopAction } from '@souk/contracts';
import type { Queryable, Tx } from '@souk/postgres';

export async function insertShopAction(tx: Tx, action: ShopAction): Promise<void> {
  const { id, at, actor, subject, action: done, subject_id, label } = action;
  await tx.query('insert into shop_actions (id, at, actor, subject, action, subject_id, label) values ($1, $2, $3, $4, $5, $6, $7)', [
    ...[id, at, actor, subject, done, subject_id, label],
  ]);
}

/** Newest first: ids grow with time. */
export function listShopActions(
  db: Queryable,
  { before, skip, limit }: { before: string | undefined; skip: number; limit: number },
): Promise<ShopAction[]> {
  return db.query<ShopAction>(
    `select id, at, actor, subject, action, subject_id, label from shop_actions
     where $1::uuid is null or id < $1 order by id desc offset $2 limit $3`,
    [before ?? null, skip, limit],
  );
}
