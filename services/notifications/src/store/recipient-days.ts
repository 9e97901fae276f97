import type { Queryable, Tx } from '@souk/postgres';

export interface RecipientCount {
  kind: 'account' | 'order';
  /** The mailbox; only a digest of it is kept. */
  mailbox: string;
  messages: number;
}

/**
 * Counts messages against their recipients' day and answers the sums, this transaction's included. Rows are locked in
 * one order until the commit, so that two transactions never both take the last message that is left.
 */
export async function countMessages(tx: Tx, day: string, counts: readonly RecipientCount[]): Promise<RecipientCount[]> {
  if (counts.length === 0) return [];
  const rows = await tx.query<{ kind: RecipientCount['kind']; place: number; messages: number }>(
    `with wanted as (
       select c.kind, c.messages, sha256(convert_to(c.mailbox, 'utf8')) recipient_digest, c.place
       from unnest($2::text[], $3::text[], $4::integer[]) with ordinality c (kind, mailbox, messages, place)
     ), counted as (
       insert into recipient_days as d (day, kind, recipient_digest, messages)
       select $1::date, kind, recipient_digest, messages from wanted order by kind, recipient_digest
       on conflict (day, kind, recipient_digest) do update set messages = d.messages + excluded.messages
       returning kind, recipient_digest, messages
     )
     select w.kind, w.place::int place, c.messages from counted c join wanted w using (kind, recipient_digest)`,
    [day, counts.map(({ kind }) => kind), counts.map(({ mailbox }) => mailbox), counts.map(({ messages }) => messages)],
  );
  return rows.map(({ kind, place, messages }) => ({ kind, mailbox: counts[place - 1]?.mailbox ?? '', messages }));
}

/** Forgets the days before `day`. */
export async function forgetDaysBefore(db: Queryable, day: string): Promise<void> {
  await db.query('delete from recipient_days where day < $1::date', [day]);
}
