/** The session of a browser: cookies that no script can read. No token is in any of these bodies. */
import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { AccountKind, FullName, Nullable, Role, UserId } from '../fields.ts';
import { Credentials } from './users.ts';

/** Who is signed in. */
export const Session = Type.Object(
  {
    user: Nullable(
      Type.Object({
        id: UserId,
        role: Role,
        full_name: Nullable({ ...FullName, description: 'Null while it cannot be read.' }),
        kind: Nullable({ ...AccountKind, description: 'Null while it cannot be read.' }),
      }),
    ),
  },
  { title: 'Session', description: 'Whom the cookies of the browser sign in; `user` is null for a stranger.' },
);
export type Session = Static<typeof Session>;

const session = { path: '/session', service: 'web', access: 'public', cookies: true } as const;

export const getSession = defineRoute({
  ...session,
  method: 'GET',
  limit: 'read',
  summary: 'Who is signed in with this browser',
  responses: { 200: Session },
});
export const beginSession = defineRoute({
  ...session,
  method: 'POST',
  limit: 'auth',
  summary: 'Sign in with this browser; sets its cookies',
  body: Credentials,
  responses: { 200: Session },
  errors: ['login_failed', 'login_throttled', 'second_factor_required', 'second_factor_invalid'],
});
export const endSession = defineRoute({
  ...session,
  method: 'DELETE',
  limit: 'auth',
  summary: 'Sign out with this browser; removes its cookies',
  responses: { 204: null },
});

export const sessionRoutes = [getSession, beginSession, endSession] as const;
