/** The session of a browser: begun with a password, ended by the person, and looked at by every page. */
import { type BodyOf, getMe, login, logout, type TokenPair, type User } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import type { WebContext } from '../context.ts';
import type { Parts } from './load-parts.ts';

export interface SignedIn {
  /** Undefined while `users` does not answer. */
  readonly user: User | undefined;
}

/** Who is signed in; `ended` when the session has been ended elsewhere, though its access token is still good. */
export async function loadPerson({ person }: Parts): Promise<SignedIn | 'ended' | undefined> {
  if (person === undefined) return undefined;
  return person
    .optional(async (read) => {
      try {
        return { user: (await read(getMe)).body };
      } catch (error) {
        if (error instanceof AppError && error.code === 'token_invalid') return 'ended' as const;
        throw error;
      }
    })
    .then((loaded) => loaded ?? { user: undefined });
}

/** The tokens of a new session. Throws as sign-in refuses. */
export async function signIn({ write }: Parts, credentials: BodyOf<typeof login>): Promise<TokenPair> {
  return (await write(login, { body: credentials })).body;
}

/** Ends the session at `users`. The browser forgets it in any case: where `users` is away it ends there by itself, unused. */
export async function signOut({ log }: WebContext, { write }: Parts, refresh_token: string | undefined): Promise<void> {
  if (refresh_token === undefined) return;
  try {
    await write(logout, { body: { refresh_token } });
  } catch (error) {
    log.warn({ err: error }, 'a session was ended in the browser only');
  }
}
