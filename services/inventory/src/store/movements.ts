/** SQL of the ledger: lines are added and read, nothing else. */
import type { IdSource } from '@souk/kernel';
import type { Queryable, Tx } from '@souk/postgres';
import type { Movement } from '../domain/stock.ts';

export interface LedgerLine extends Omit<Movement, 'source_id'> {
  id: string;
  created_at: string;
}

export async function insertMovements(tx: Tx, ids: IdSource, movements: readonly Movement[], created_at: string): Promise<void> {
  await tx.query(
    `insert into movements (id, product_id, kind, on_hand_change, reserved_change, order_id, source_id, reason, actor, created_at)
     select m.*, $10 from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::int[], $6::uuid[], $7::uuid[], $8::text[], $9::text[]) m`,
    [
      // In their order, also within one millisecond.
      movements.map(() => ids.uuid()).sort(),
      movements.map((movement) => movement.product_id),
      movements.map((movement) => movement.kind),
      movements.map((movement) => movement.on_hand_change),
      movements.map((movement) => movement.reserved_change),
      movements.map((movement) => movement.order_id),
      movements.map((movement) => movement.source_id),
      movements.map((movement) => movement.reason),
      movements.map((movement) => movement.actor),
      created_at,
    ],
  );
}

/** Those of the documents that have moved something. */
export async function bookedSources(tx: Tx, source_ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ source_id: string }>('select distinct source_id from movements where source_id = any($1::uuid[])', [
    source_ids,
  ]);
  return new Set(rows.map(({ source_id }) => source_id));
}

/** Lines of all products that staff have caused, newest first. */
export function listStaffLines(
  db: Queryable,
  { before, skip, limit }: { before: string | undefined; skip: number; limit: number },
): Promise<LedgerLine[]> {
  return db.query<LedgerLine>(
    `select id, product_id, kind, on_hand_change, reserved_change, order_id, reason, actor, created_at from movements
     where actor like 'staff:%' and id < coalesce($1::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') order by id desc offset $2 limit $3`,
    [before ?? null, skip, limit],
  );
}

/** Newest first: ids grow with time. */
export function listMovementLines(
  db: Queryable,
  product_id: string,
  { before, skip, limit }: { before: string | undefined; skip: number; limit: number },
): Promise<LedgerLine[]> {
  return db.query<LedgerLine>(
    `select id, product_id, kind, on_hand_change, reserved_change, order_id, reason, actor, created_at from movements
     where product_id = $1 and id < coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') order by id desc offset $3 limit $4`,
    [product_id, before ?? null, skip, limit],
  );
}
