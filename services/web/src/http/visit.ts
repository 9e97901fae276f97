/** What a request of a browser brings along: where it comes from, and its session. */

import type { TokenPair } from '@souk/contracts';
import { endedSessionCookies, type RouteRequest, readSession, sessionCookies } from '@souk/service-kit';
import type { WebContext } from '../context.ts';
import { openParts, type Parts } from '../use-cases/load-parts.ts';

/** Whether the browser came by https, as the gateway says: its cookies are called accordingly. */
export function isSecure(request: Pick<RouteRequest, 'header'>): boolean {
  return request.header('x-forwarded-proto') === 'https';
}

export function partsFor(context: WebContext, request: RouteRequest): Parts {
  const { client_address, cause, signal, caller } = request;
  return openParts(context, { client_address, cause, signal, caller, authorization: request.header('authorization') });
}

/** Only requests that change something bring it: the gateway keeps it from all others. */
export function refreshTokenOf(request: Pick<RouteRequest, 'header'>): string | undefined {
  return readSession(request.header('cookie'), isSecure(request))?.refresh_token;
}

/** Values of `Set-Cookie` by which the browser is signed in. */
export function cookiesOf(pair: TokenPair, request: Pick<RouteRequest, 'header'>): string[] {
  return sessionCookies(pair, isSecure(request));
}

/** Values of `Set-Cookie` by which the browser is signed out. */
export function endedCookies(request: Pick<RouteRequest, 'header'>): string[] {
  return endedSessionCookies(isSecure(request));
}
