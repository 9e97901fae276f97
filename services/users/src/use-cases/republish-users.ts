import { userDeleted, userGuestLinked, userRegistered, userUpdated } from '@souk/contracts';
import { derivedUuidBeside } from '@souk/kernel';
import { type Cause, draft, type EventDraft } from '@souk/messaging';
import type { Republisher } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import type { Account } from '../domain/account.ts';
import { changedSince } from '../store/accounts.ts';
import { linkedSince } from '../store/guests.ts';

/** Accounts that were opened, changed or erased since then, as they are now. */
export const republishUsers: Republisher<UsersContext> = async (ctx, tx, page) => {
  const accounts = await changedSince(tx, page);
  const drafts = accounts.flatMap((account) => stateDrafts(account, page.since, { correlation_id: ctx.ids.uuid(), actor: 'system' }));
  return { drafts, next: accounts.length === page.limit ? accounts.at(-1)?.id : undefined };
};

/** Guests that were linked since then: to which account. */
export const republishLinks: Republisher<UsersContext> = async (ctx, tx, page) => {
  const links = await linkedSince(tx, page);
  const cause = { correlation_id: ctx.ids.uuid(), actor: 'system' };
  const drafts = links.map((link) => draft(userGuestLinked, link, cause, guestLinkedEventId(link.guest_user_id)));
  return { drafts, next: links.length === page.limit ? links.at(-1)?.guest_user_id : undefined };
};

function stateDrafts(account: Account, since: string, cause: Cause): EventDraft[] {
  const { id: user_id, version: user_version, username, email, email_verified, full_name, phone } = account;
  if (account.erased_at !== null) return [draft(userDeleted, { user_id, user_version }, cause)];
  const updated = draft(userUpdated, { user_id, user_version, email, email_verified, full_name, phone }, cause);
  if (Date.parse(account.created_at) < Date.parse(since)) return [updated];
  const registered = {
    user_id,
    username,
    email,
    email_verified,
    full_name,
    ...(phone === null ? {} : { phone }),
    registration_source: account.kind === 'guest' ? 'guest' : 'restore',
  };
  return [draft(userRegistered, registered, cause, registrationEventId(user_id)), updated];
}

/** Always the same, so that a registration that is published once more reaches no consumer twice. */
export function registrationEventId(user_id: string): string {
  return derivedUuidBeside(user_id, userRegistered.event_type);
}

/** Always the same: a guest is linked once. */
export function guestLinkedEventId(guest_user_id: string): string {
  return derivedUuidBeside(guest_user_id, userGuestLinked.event_type);
}
