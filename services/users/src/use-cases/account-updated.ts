import { type PayloadOf, userUpdated } from '@souk/contracts';
import { type Cause, draft, type EventDraft } from '@souk/messaging';
import type { Account, AccountChange } from '../domain/account.ts';

const publishedFields = ['email', 'full_name', 'phone'] as const;

/** `user.updated` with the new values of those changed members that others keep. */
export function accountUpdated(account: Account, changed: readonly (keyof AccountChange)[], cause: Cause): EventDraft {
  const values = Object.fromEntries(publishedFields.filter((name) => changed.includes(name)).map((name) => [name, account[name]]));
  const payload: PayloadOf<typeof userUpdated> = {
    user_id: account.id,
    user_version: account.version,
    email_verified: account.email_verified,
    ...values,
  };
  return draft(userUpdated, payload, cause);
}
