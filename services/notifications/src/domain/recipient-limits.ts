/**
 * Anyone can name any address, so that the shop must not become a way to flood a stranger's mailbox: an address gets a few
 * messages a day, whatever account they are for. Messages about orders to an address whose owner has confirmed it are not limited.
 */
import type { Contact } from './contact.ts';
import type { Channel } from './required-interfaces.ts';

/** What a message counts as; null where it is not limited. */
export type LimitedAs = 'account' | 'order' | null;

export function limitedAs(event_type: string, channel: Channel, { email_verified }: Contact): LimitedAs {
  if (event_type.startsWith('user.')) return 'account';
  // A telephone number is never confirmed.
  return channel === 'email' && email_verified ? null : 'order';
}

/** The mailbox behind an address: spellings that lead to the same one (case, compatibility forms, `+tag`) are one recipient. */
export function mailboxOf(recipient: string): string {
  const address = recipient.normalize('NFKC').toLowerCase();
  const at = address.lastIndexOf('@');
  if (at < 0) return address;
  const [local = ''] = address.slice(0, at).split('+');
  return `${local}${address.slice(at)}`;
}
