import type { EventOf, userDeleted, userRegistered, userUpdated } from '@souk/contracts';
import type { Tx } from '@souk/postgres';
import { type ContactChange, lockContacts, saveContacts, type VersionedContact } from '../store/contacts.ts';
import { eraseRecipients } from '../store/notifications.ts';

type UserEvent = EventOf<typeof userRegistered> | EventOf<typeof userUpdated> | EventOf<typeof userDeleted>;

/** Registration is a person's first version; updates and erasure carry theirs. */
const versionOf = (event: UserEvent): number => (event.event_type === 'user.registered' ? 1 : event.user_version);

/** Applies the events of each person in order of version to what is known, and writes the outcome once. */
export async function keepContacts(tx: Tx, events: readonly UserEvent[]): Promise<void> {
  const user_ids = [...new Set(events.map((event) => event.user_id))].sort();
  const contacts = await lockContacts(tx, user_ids);
  const changed = new Map<string, VersionedContact>();
  for (const event of [...events].sort((a, b) => versionOf(a) - versionOf(b))) {
    const before = changed.get(event.user_id) ?? contacts.get(event.user_id) ?? unknownContact(event.user_id);
    const after = apply(before, event);
    if (after !== before) changed.set(event.user_id, after);
  }
  if (changed.size === 0) return;
  await saveContacts(tx, [...changed.values()] satisfies ContactChange[]);
  const erased = [...changed.values()].filter((contact) => contact.erased).map((contact) => contact.user_id);
  if (erased.length > 0) await eraseRecipients(tx, erased);
}

function unknownContact(user_id: string): VersionedContact {
  return { user_id, user_version: 0, email: null, email_version: 0, email_verified: false, full_name: null, phone: null, erased: false };
}

/**
 * Updates carry the whole address book entry or parts of it. One that overtakes another may fill in what it knows; what
 * the older one says is taken only where nothing newer is known. Of the address the version is kept that it is from.
 */
function apply(contact: VersionedContact, event: UserEvent): VersionedContact {
  if (contact.erased) return contact;
  const version = versionOf(event);
  if (event.event_type === 'user.deleted') {
    const user_version = Math.max(contact.user_version, version);
    return { ...unknownContact(contact.user_id), user_version, email_version: user_version, erased: true };
  }
  const address = addressAfter(contact, event, version);
  if (version <= contact.user_version) {
    const full_name = contact.full_name ?? event.full_name ?? null;
    return address === contact && full_name === contact.full_name ? contact : { ...contact, ...address, full_name };
  }
  return {
    ...contact,
    ...address,
    user_version: version,
    full_name: event.full_name ?? contact.full_name,
    phone: event.phone === undefined ? contact.phone : event.phone,
  };
}

type Address = Pick<VersionedContact, 'email' | 'email_version' | 'email_verified'>;

/** The address of the newest version that has one, and whether it is confirmed: as the newest event says, and not where another one comes without a word. */
function addressAfter(contact: VersionedContact, event: Exclude<UserEvent, { event_type: 'user.deleted' }>, version: number): Address {
  const { email, email_verified } = event;
  const newest = version > contact.user_version;
  if (email === undefined || version <= contact.email_version) {
    return newest && email_verified !== undefined ? { ...addressOf(contact), email_verified } : contact;
  }
  if (newest)
    return { email, email_version: version, email_verified: email_verified ?? (email === contact.email && contact.email_verified) };
  return { ...addressOf(contact), email, email_version: version };
}

function addressOf({ email, email_version, email_verified }: VersionedContact): Address {
  return { email, email_version, email_verified };
}
