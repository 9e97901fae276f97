/** SQL of the outbox. */
import type { Queryable } from '@souk/postgres';
import type { OutboxRow } from './event.ts';

/** JSON text has no line breaks but escaped ones, so lines need none of the quoting that array literals do on both sides. */
export async function insertRows(db: Queryable, rows: readonly OutboxRow[]): Promise<void> {
  await db.query(
    `insert into outbox (event_id, event_type, body)
     select * from unnest(string_to_array($1, E'\\n')::uuid[], string_to_array($2, E'\\n'), string_to_array($3, E'\\n'))`,
    [lines(rows.map((row) => row.event_id)), lines(rows.map((row) => row.event_type)), lines(rows.map((row) => row.body))],
  );
}

/** Those of the events that wait in the outbox. */
export async function findWaiting(db: Queryable, event_ids: readonly string[]): Promise<Set<string>> {
  const rows = await db.query<{ event_id: string }>('select event_id from outbox where event_id = any($1::uuid[])', [event_ids]);
  return new Set(rows.map((row) => row.event_id));
}

export async function deleteRows(db: Queryable, event_ids: readonly string[]): Promise<void> {
  await db.query(`delete from outbox where event_id = any(string_to_array($1, E'\\n')::uuid[])`, [lines(event_ids)]);
}

function lines(values: readonly string[]): string {
  return values.join('\n');
}

/** Rows that are not locked, oldest first, claimed for `claim_ms`; other relays skip them so long. */
export function claimUnpublished(db: Queryable, options: { age_ms: number; claim_ms: number; batch_max: number }): Promise<OutboxRow[]> {
  return db.query<OutboxRow>(
    `update outbox set claimed_until = clock_timestamp() + $2::int * interval '1 ms'
     where event_id in (
       select event_id from outbox
       where coalesce(claimed_until, created_at + $1::int * interval '1 ms') < clock_timestamp()
       order by event_id limit $3 for update skip locked
     ) returning event_id, event_type, body`,
    [options.age_ms, options.claim_ms, options.batch_max],
  );
}

/** Gives rows back that were claimed and not sent: the next look finds them. */
export async function releaseClaims(db: Queryable, event_ids: readonly string[]): Promise<void> {
  await db.query('update outbox set claimed_until = clock_timestamp() where event_id = any($1::uuid[])', [event_ids]);
}

/** How many rows wait, and since when the oldest does (seconds). */
export async function outboxStats(db: Queryable): Promise<{ backlog: number; oldest_age_s: number }> {
  const rows = await db.query<{ backlog: number; oldest_age_s: number }>(
    `select count(*)::int backlog, coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8 oldest_age_s from outbox`,
  );
  return rows[0] ?? { backlog: 0, oldest_age_s: 0 };
}
