import type { Queryable, Tx } from '@souk/postgres';
import type { Contact } from '../domain/contact.ts';

export interface VersionedContact extends Contact {
  user_version: number;
}
export type ContactChange = VersionedContact;

export async function loadContacts(db: Queryable, user_ids: readonly string[]): Promise<Map<string, Contact>> {
  const rows = await db.query<Contact>('select user_id, email, full_name, phone, erased from contacts where user_id = any($1::uuid[])', [
    user_ids,
  ]);
  return new Map(rows.map((row) => [row.user_id, row]));
}

/**
 * The contacts, locked in order of id. People who are not known yet get an empty row first, so that two consumers that
 * hear of one person at the same time wait for each other.
 */
export async function lockContacts(tx: Tx, user_ids: readonly string[]): Promise<Map<string, VersionedContact>> {
  await tx.query('insert into contacts (user_id, user_version) select unnest($1::uuid[]), 0 on conflict do nothing', [user_ids]);
  const rows = await tx.query<VersionedContact>(
    'select user_id, user_version, email, full_name, phone, erased from contacts where user_id = any($1::uuid[]) order by user_id for update',
    [user_ids],
  );
  return new Map(rows.map((row) => [row.user_id, row]));
}

export async function saveContacts(tx: Tx, changes: readonly ContactChange[]): Promise<void> {
  await tx.query(
    `update contacts set user_version = c.user_version, email = c.email, full_name = c.full_name, phone = c.phone, erased = c.erased
     from json_to_recordset($1::json) c (user_id uuid, user_version int, email text, full_name text, phone text, erased boolean)
     where contacts.user_id = c.user_id`,
    [JSON.stringify(changes)],
  );
}
