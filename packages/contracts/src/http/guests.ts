import Type from 'typebox';
import { defineRoute } from '../define-route.ts';
import { FullName, GivenEmail, Password, UserId, Username } from '../fields.ts';
import { Secret, TokenPair, User } from './users.ts';

/** Most guests that one account links, and so most people whose orders count as its own. */
export const linkedGuestsMax = 50;

const body = <P extends Parameters<typeof Type.Object>[0]>(properties: P) => Type.Object(properties, { additionalProperties: false });

/**
 * A new guest: the answer never says whether the address is known, and opens nothing that was ordered before. Under an idempotency key that was
 * used before, a further session of its guest: such a key is a secret.
 */
export const openGuest = defineRoute({
  method: 'POST',
  path: '/api/auth/guest',
  service: 'users',
  summary: 'Begin to order as a guest',
  access: 'public',
  limit: 'auth',
  idempotent: true,
  body: body({ email: GivenEmail, full_name: FullName }),
  responses: { 201: TokenPair },
  errors: ['idempotency_key_reused', 'idempotency_key_invalid'],
});
/**
 * Twice: without `token` a link is mailed to the address of the guest, and with the token of that link and the access token of the
 * guest the account is opened. So it takes both, the mailbox and the session.
 */
export const claimAccount = defineRoute({
  method: 'POST',
  path: '/api/users/me/claim',
  service: 'users',
  summary: 'Make the account of a guest one to sign in to',
  access: 'authenticated',
  limit: 'auth',
  body: body({ username: Username, password: Password, token: Type.Optional(Secret) }),
  responses: { 200: User, 202: Type.Object({ status: Type.Literal('link_requested') }) },
  errors: ['account_claimed', 'username_taken', 'email_taken', 'password_weak', 'secret_invalid', 'overloaded'],
});
export const linkGuests = defineRoute({
  method: 'POST',
  path: '/api/users/me/link-guests',
  service: 'users',
  summary: 'Take the guests with the own confirmed address as oneself',
  access: 'authenticated',
  limit: 'auth',
  responses: { 200: Type.Object({ guest_user_ids: Type.Array(UserId, { maxItems: linkedGuestsMax }) }) },
  errors: ['account_is_guest', 'email_unverified', 'too_many_guests'],
});

export const guestRoutes = [openGuest, claimAccount, linkGuests] as const;
