import type { Tx } from '@souk/postgres';
import { forgetLinkedGuests, keepLinkedGuests, type LinkedGuest } from '../store/linked-guests.ts';

/** Links guests to people. A link that comes after the erasure of both names no account that could ask. */
export function linkGuests(tx: Tx, links: readonly LinkedGuest[]): Promise<void> {
  return keepLinkedGuests(tx, links);
}

export function forgetGuests(tx: Tx, user_ids: readonly string[]): Promise<void> {
  return forgetLinkedGuests(tx, user_ids);
}
