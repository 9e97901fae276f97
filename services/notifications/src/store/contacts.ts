import type { Tx } from '@souk/postgres';
import type { Contact } from '../domain/contact.ts';

export interface VersionedContact extends Contact {
  user_version: number;
  /** The version the address is from. */
  email_version: number;
}
export type ContactChange = VersionedContact;

/**
 * The contacts, kept as they are until this transaction ends: what is written for them meanwhile is there when an erasure
 * goes on, and what comes after an erasure finds an erased contact.
 */
export async function holdContacts(tx: Tx, user_ids: readonly string[]): Promise<Map<string, Contact>> {
  const rows = await tx.query<Contact>(
    `select user_id, email, email_verified, full_name, phone, erased from contacts where user_id = any($1::uuid[]) order by user_id for share`,
    [user_ids],
  );
  return new Map(rows.map((row) => [row.user_id, row]));
}

/**
 * The contacts, locked in order of id. People who are not known yet get an empty row first, so that two consumers with
 * events of one person at the same time wait for each other.
 */
export async function lockContacts(tx: Tx, user_ids: readonly string[]): Promise<Map<string, VersionedContact>> {
  await tx.query('insert into contacts (user_id, user_version) select unnest($1::uuid[]), 0 on conflict do nothing', [user_ids]);
  const rows = await tx.query<VersionedContact>(
    `select user_id, user_version, email, email_version, email_verified, full_name, phone, erased from contacts
     where user_id = any($1::uuid[]) order by user_id for update`,
    [user_ids],
  );
  return new Map(rows.map((row) => [row.user_id, row]));
}

export async function saveContacts(tx: Tx, changes: readonly ContactChange[]): Promise<void> {
  await tx.query(
    `update contacts set user_version = c.user_version, email = c.email, email_version = c.email_version, email_verified = c.email_verified,
       full_name = c.full_name, phone = c.phone, erased = c.erased
     from json_to_recordset($1::json) c (user_id uuid, user_version int, email text, email_version int, email_verified boolean, full_name text, phone text, erased boolean)
     where contacts.user_id = c.user_id`,
    [JSON.stringify(changes)],
  );
}
