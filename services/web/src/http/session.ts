/** The session of a browser, for scripts: who is signed in, sign in, sign out. Tokens are in cookies only. */
import { beginSession, endSession, getSession, type Session } from '@souk/contracts';
import { answer, noContent, type ServedRoute, serve } from '@souk/service-kit';
import type { WebContext } from '../context.ts';
import { openParts, type Parts } from '../use-cases/load-parts.ts';
import { loadPerson, type SignedIn, signIn, signOut } from '../use-cases/session.ts';
import { cookiesOf, endedCookies, partsFor, refreshTokenOf } from './visit.ts';

/** Whatever a browser has kept of pages goes with the session. */
export const forgetPages = { 'clear-site-data': '"cache"' };

export const sessionRoutes: readonly ServedRoute<WebContext>[] = [
  serve(getSession, async (context: WebContext, request) => {
    const parts = partsFor(context, request);
    const person = await loadPerson(parts);
    const cookies = person === 'ended' ? endedCookies(request) : [];
    return answer(200, sessionOf(parts, person), { cookies, headers: { 'cache-control': 'private, no-store' } });
  }),
  serve(beginSession, async (context: WebContext, request) => {
    const tokens = await signIn(partsFor(context, request), request.body);
    const caller = await context.verifier.verify(tokens.access_token);
    const { client_address, cause, signal } = request;
    const parts = openParts(context, { client_address, cause, signal, caller, authorization: `Bearer ${tokens.access_token}` });
    return answer(200, sessionOf(parts, await loadPerson(parts)), { cookies: cookiesOf(tokens, request) });
  }),
  serve(endSession, async (context: WebContext, request) => {
    await signOut(context, partsFor(context, request), refreshTokenOf(request));
    return noContent({ cookies: endedCookies(request), headers: forgetPages });
  }),
];

function sessionOf({ person }: Parts, found: SignedIn | 'ended' | undefined): Session {
  if (person === undefined || found === undefined || found === 'ended') return { user: null };
  const { user_id: id, role } = person.caller;
  return { user: { id, role, full_name: found.user?.full_name ?? null, kind: found.user?.kind ?? null } };
}
