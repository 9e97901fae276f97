/** SQL of returns. They are written under the lock of the row of their order. */
import type { Queryable, Tx } from '@souk/postgres';
import type { ReturnRecord } from '../domain/return.ts';

const columns = 'id, number, order_id, user_id, state, items, currency, refund, announced, version, created_at, updated_at';

export async function findReturn(db: Queryable, return_id: string): Promise<ReturnRecord | undefined> {
  const [row] = await db.query<ReturnRecord>(`select ${columns} from returns where id = $1`, [return_id]);
  return row;
}

export function returnsOf(tx: Tx, order_id: string): Promise<ReturnRecord[]> {
  return tx.query<ReturnRecord>(`select ${columns} from returns where order_id = $1 order by id`, [order_id]);
}

export interface ReturnFilter {
  /** Only those of these customers. */
  user_ids: readonly string[] | undefined;
  order_id: string | undefined;
  state: string | undefined;
  before: string | undefined;
  skip: number;
  limit: number;
}

/** Newest first: ids are made in order of time. */
export function listReturns(db: Queryable, { user_ids, order_id, state, before, skip, limit }: ReturnFilter): Promise<ReturnRecord[]> {
  return db.query<ReturnRecord>(
    `select ${columns} from returns
     where ($1::uuid[] is null or user_id = any($1::uuid[])) and ($2::uuid is null or order_id = $2::uuid) and ($3::text is null or state = $3::text)
       and id < coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
     order by id desc offset $5 limit $6`,
    [user_ids ?? null, order_id ?? null, state ?? null, before ?? null, skip, limit],
  );
}

/** Answers the number that it got. */
export async function insertReturn(tx: Tx, record: Omit<ReturnRecord, 'number'>): Promise<string> {
  const { id, order_id, user_id, state, items, currency, announced, version, created_at } = record;
  const [row] = await tx.query<{ number: string }>(
    `insert into returns (id, order_id, user_id, state, items, currency, announced, version, created_at, updated_at)
     values ($1, $2, $3, $4, $5::jsonb, $6, $7::text[], $8, $9, $9) returning number`,
    [id, order_id, user_id, state, JSON.stringify(items), currency, announced, version, created_at],
  );
  return row?.number ?? '';
}

export async function saveReturn(tx: Tx, { id, state, items, refund, announced, version, updated_at }: ReturnRecord): Promise<void> {
  await tx.query(
    `update returns set state = $2, items = $3::jsonb, refund = $4::jsonb, announced = $5::text[], version = $6, updated_at = $7 where id = $1`,
    [id, state, JSON.stringify(items), refund && JSON.stringify(refund), announced, version, updated_at],
  );
}

/** The returns whose refund was asked for under these ids, locked after their orders. */
export function returnsOfRefunds(tx: Tx, order_ids: readonly string[], refund_ids: readonly string[]): Promise<ReturnRecord[]> {
  return tx.query<ReturnRecord>(
    `select ${columns} from returns where order_id = any($1::uuid[]) and refund ->> 'refund_id' = any($2::text[]) order by id for update`,
    [order_ids, refund_ids],
  );
}

/** A return with what its order is called and the language of what is written about it. */
type NamedReturn = ReturnRecord & { order_number: string; locale: string | null };

/** Returns that changed since then, in order of id after `after`. */
export function changedReturns(tx: Tx, page: { since: string; after: string | undefined; limit: number }): Promise<NamedReturn[]> {
  return tx.query<NamedReturn>(
    `select r.id, r.number, r.order_id, r.user_id, r.state, r.items, r.currency, r.refund, r.announced, r.version, r.created_at, r.updated_at,
            o.order_number, o.locale
     from returns r join orders o on o.id = r.order_id
     where ($2::uuid is null or r.id > $2) and r.updated_at >= $1::timestamptz order by r.id limit $3`,
    [page.since, page.after ?? null, page.limit],
  );
}
