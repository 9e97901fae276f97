import { linkedGuestsMax } from '@souk/contracts';
import type { Queryable, Tx } from '@souk/postgres';

export interface LinkedGuest {
  guest_user_id: string;
  user_id: string;
}

/** A guest is linked once and for good: what comes again changes nothing. */
export async function keepLinkedGuests(tx: Tx, links: readonly LinkedGuest[]): Promise<void> {
  await tx.query(
    `insert into linked_guests (guest_user_id, user_id)
     select * from json_to_recordset($1::json) l (guest_user_id uuid, user_id uuid) order by 1 on conflict do nothing`,
    [JSON.stringify(links)],
  );
}

/** The guests that are this person too; the limit is that of users. */
export async function guestsOf(db: Queryable, user_id: string): Promise<string[]> {
  const rows = await db.query<{ guest_user_id: string }>(
    `select guest_user_id from linked_guests where user_id = $1 order by guest_user_id limit $2`,
    [user_id, linkedGuestsMax],
  );
  return rows.map(({ guest_user_id }) => guest_user_id);
}

export async function forgetLinkedGuests(tx: Tx, user_ids: readonly string[]): Promise<void> {
  await tx.query('delete from linked_guests where user_id = any($1::uuid[]) or guest_user_id = any($1::uuid[])', [user_ids]);
}
