import type { Tx } from '@souk/postgres';
import { lockCustomers } from '../store/customers.ts';
import { erasedAmong } from '../store/erasures.ts';
import { keepLinkedGuests, type LinkedGuest } from '../store/linked-guests.ts';

/** Links guests to people; not where one of them was erased, as the events of a link and of an erasure may come in any order. */
export async function linkGuests(tx: Tx, links: readonly LinkedGuest[]): Promise<void> {
  const user_ids = links.flatMap(({ user_id, guest_user_id }) => [user_id, guest_user_id]);
  await lockCustomers(tx, user_ids);
  const erased = await erasedAmong(tx, user_ids);
  await keepLinkedGuests(
    tx,
    links.filter(({ user_id, guest_user_id }) => !erased.has(user_id) && !erased.has(guest_user_id)),
  );
}
