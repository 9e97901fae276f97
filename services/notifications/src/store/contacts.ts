import type { Tx } from '@souk/postgres';
import type { Contact } from '../domain/contact.ts';

export interface VersionedContact extends Contact {
  user_version: number;
  /** The version the address is from. */
  email_version: number;
}
/** Read beside the contacts: whether events are also to be posted somewhere costs no statement of its own. */
export interface HeldContacts<Row> {
  contacts: Map<string, Row>;
  has_webhooks: boolean;
}
export type ContactChange = VersionedContact;

/**
 * The contacts, kept as they are until this transaction ends: what is written for them meanwhile is there when an erasure
 * goes on, and what comes after an erasure finds an erased contact.
 */
export async function holdContacts(tx: Tx, user_ids: readonly string[]): Promise<HeldContacts<Contact>> {
  const rows = await tx.query<Contact & { has_webhooks: boolean }>(
    `select user_id, email, email_verified, full_name, phone, erased, exists (select from webhooks) has_webhooks
     from contacts where user_id = any($1::uuid[]) order by user_id for share`,
    [user_ids],
  );
  return heldContacts(rows);
}

/**
 * The contacts, locked in order of id. People who are not known yet get an empty row first, so that two consumers with
 * events of one person at the same time wait for each other.
 */
export async function lockContacts(tx: Tx, user_ids: readonly string[]): Promise<HeldContacts<VersionedContact>> {
  await tx.query('insert into contacts (user_id, user_version) select unnest($1::uuid[]), 0 on conflict do nothing', [user_ids]);
  const rows = await tx.query<VersionedContact & { has_webhooks: boolean }>(
    `select user_id, user_version, email, email_version, email_verified, full_name, phone, erased, exists (select from webhooks) has_webhooks
     from contacts where user_id = any($1::uuid[]) order by user_id for update`,
    [user_ids],
  );
  return heldContacts(rows);
}

function heldContacts<Row extends Contact>(rows: readonly (Row & { has_webhooks: boolean })[]): HeldContacts<Row> {
  return {
    contacts: new Map(rows.map(({ has_webhooks: _present, ...contact }) => [contact.user_id, contact as unknown as Row])),
    has_webhooks: rows[0]?.has_webhooks ?? false,
  };
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
