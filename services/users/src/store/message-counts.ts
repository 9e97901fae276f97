/** SQL of the table message_counts. */
import type { Queryable, Tx } from '@souk/postgres';
import { removeEnded } from './remove-ended.ts';

export interface CountedMessage {
  scope: 'recipient' | 'account';
  subject: string;
  /** Most within a window. */
  most: number;
  now: string;
  /** When a window ends that begins now. */
  ends_at: string;
}

/** Counts a message; false, and nothing counted, when there were `most` within the window already. Two at the same moment are two. */
export async function countMessage(tx: Tx, { scope, subject, most, now, ends_at }: CountedMessage): Promise<boolean> {
  const rows = await tx.query(
    `insert into message_counts as m (scope, subject, requested, ends_at) values ($1, $2, 1, $5)
     on conflict (scope, subject) do update set
       requested = case when m.ends_at <= $4 then 1 else m.requested + 1 end,
       ends_at = case when m.ends_at <= $4 then excluded.ends_at else m.ends_at end
     where m.ends_at <= $4 or m.requested < $3
     returning 1`,
    [scope, subject, most, now, ends_at],
  );
  return rows.length === 1;
}

/** Removes at most `most` counts whose window has ended; answers how many. */
export function removeEndedCounts(db: Queryable, now: string, most: number): Promise<number> {
  return removeEnded(db, { table: 'message_counts', ends: 'ends_at' }, now, most);
}
