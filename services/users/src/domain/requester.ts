/** Who asks, as the access token says it, and as the database says it. */
import { refusal } from '@souk/contracts';
import type { AccountRole, Actor } from './account.ts';

/** What a request says of the one who asks. The token was verified, but is up to ten minutes old. */
export interface Requester {
  user_id: string;
  /** As the token says it. */
  role: AccountRole;
  /** The session the token was issued in. */
  session_id: string | undefined;
  /** The API key the token stands for; it has no session. */
  key_id: string | undefined;
  client_address: string;
  correlation_id: string;
}

const ranks: Readonly<Record<AccountRole, number>> = { customer: 0, staff: 1, admin: 2 };

/** Who acts: with the lesser of the role of the token and the role the account has. Refuses with `token_invalid` where the session or the account has ended. */
export function actingAs(requester: Requester, role: AccountRole | undefined): Actor {
  if (role === undefined) throw refusal('token_invalid', 'The session of this access token has ended.');
  return { user_id: requester.user_id, role: ranks[role] < ranks[requester.role] ? role : requester.role };
}

/** Refuses with `forbidden` an actor of a lesser role. */
export function checkRole(actor: Actor, needed: AccountRole): void {
  if (ranks[actor.role] < ranks[needed]) throw refusal('forbidden', `This needs the role ${needed}.`);
}
