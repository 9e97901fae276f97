import { userDeleted, userRegistered, userUpdated } from '@souk/contracts';
import { derivedUuidBeside } from '@souk/kernel';
import { type Cause, draft, type EventDraft } from '@souk/messaging';
import type { Republisher } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import type { Account } from '../domain/account.ts';
import { changedSince } from '../store/accounts.ts';

/** Accounts that were opened, changed or erased since then, as they are now. */
export const republishUsers: Republisher<UsersContext> = async (ctx, tx, page) => {
  const accounts = await changedSince(tx, page);
  const drafts = accounts.flatMap((account) => stateDrafts(account, page.since, { correlation_id: ctx.ids.uuid(), actor: 'system' }));
  return { drafts, next: accounts.length === page.limit ? accounts.at(-1)?.id : undefined };
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
    registration_source: 'restore',
  };
  return [draft(userRegistered, registered, cause, registrationEventId(user_id)), updated];
}

/** Always the same, so that a registration that is published once more reaches no consumer twice. */
export function registrationEventId(user_id: string): string {
  return derivedUuidBeside(user_id, userRegistered.event_type);
}
