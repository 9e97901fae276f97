import type { AnyEvent, EventOf, userDeleted, userGuestLinked, userRegistered, userUpdated } from '@souk/contracts';
import type { Tx } from '@souk/postgres';
import type { NotificationsContext } from '../context.ts';
import { type ContactChange, lockContacts, saveContacts, type VersionedContact } from '../store/contacts.ts';
import { forgetLinkedGuests, keepLinkedGuests } from '../store/linked-guests.ts';
import { eraseRecipients } from '../store/notifications.ts';
import { writeDeliveries } from './write-deliveries.ts';

type GuestLink = EventOf<typeof userGuestLinked>;
type UserEvent = EventOf<typeof userRegistered> | EventOf<typeof userUpdated> | EventOf<typeof userDeleted>;

/** Registration is a person's first version; updates and erasure carry theirs. */
const versionOf = (event: UserEvent): number => (event.event_type === 'user.registered' ? 1 : event.user_version);

/** Applies the events of each person in order of version to what is known, and writes the outcome once; then the links, where neither side was erased. */
export async function keepContacts(ctx: NotificationsContext, tx: Tx, events: readonly (UserEvent | GuestLink)[]): Promise<void> {
  const links = events.filter((event): event is GuestLink => event.event_type === 'user.guest_linked');
  const ofContacts = events.filter((event): event is UserEvent => event.event_type !== 'user.guest_linked');
  const user_ids = [...new Set([...events.map(({ user_id }) => user_id), ...links.map((link) => link.guest_user_id)])].sort();
  const { contacts, has_webhooks } = await lockContacts(tx, user_ids);
  const changed = new Map<string, VersionedContact>();
  for (const event of [...ofContacts].sort((a, b) => versionOf(a) - versionOf(b))) {
    const before = changed.get(event.user_id) ?? contacts.get(event.user_id) ?? unknownContact(event.user_id);
    const after = apply(before, event);
    if (after !== before) changed.set(event.user_id, after);
  }
  if (changed.size > 0) await saveChanges(tx, [...changed.values()]);
  const isErased = (user_id: string): boolean => (changed.get(user_id) ?? contacts.get(user_id))?.erased === true;
  const kept = links.filter(({ user_id, guest_user_id }) => !isErased(user_id) && !isErased(guest_user_id));
  if (kept.length > 0) await keepLinkedGuests(tx, kept);
  if (has_webhooks) await writeDeliveries(ctx, tx, ofContacts as unknown as readonly AnyEvent[]);
}

async function saveChanges(tx: Tx, changes: readonly ContactChange[]): Promise<void> {
  await saveContacts(tx, changes);
  const erased = changes.filter((contact) => contact.erased).map((contact) => contact.user_id);
  if (erased.length === 0) return;
  await eraseRecipients(tx, erased);
  await forgetLinkedGuests(tx, erased);
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
