/**
 * Who asks by the cookies of a browser. Its access token becomes the Authorization header of the request; one that ends soon is renewed first. A
 * session that has ended is no refusal where strangers may ask: the request goes on as that of a stranger, and the cookies are removed.
 */
import { refusal, type TokenPair } from '@souk/contracts';
import type { Clock } from '@souk/kernel';
import { AppError } from '@souk/kernel';
import {
  type BrowserSession,
  type Caller,
  endedSessionCookies,
  isSameOrigin,
  readSession,
  sessionCookies,
  type Verifier,
} from '@souk/service-kit';
import type { RouteEntry } from '../route-table.ts';
import type { RenewalQuestion } from '../use-cases/renew-session.ts';
import type { Renewal } from '../workers/session-renewals.ts';

/** What is read of a request, and written to it. */
export interface BrowserRequest {
  readonly client: { readonly address: string; readonly secure: boolean };
  readonly correlation_id: string;
  readonly span: { readonly traceparent: string };
  readonly upgrade: object | undefined;
  readonly request: {
    readonly method?: string | undefined;
    readonly headers: Readonly<Record<string, string | string[] | undefined>> & { authorization?: string | undefined };
  };
  session_cookies: readonly string[];
}

export interface CookieAdmissionOptions {
  verifier: Verifier;
  clock: Clock;
  renew(question: RenewalQuestion): Promise<Renewal>;
}

export interface CookieAdmission {
  /** Its session; undefined for a browser without one, and for programs. */
  sessionOf(request: BrowserRequest): BrowserSession | undefined;
  /** Whether another site may have had a browser send what only pages of this shop may send. */
  isForeign(entry: RouteEntry, request: BrowserRequest, session: BrowserSession | undefined): boolean;
  /** Who asks, where that is known without a question. */
  knownCaller(request: BrowserRequest, session: BrowserSession): Caller | undefined;
  /** Who asks; undefined for a stranger. Refuses where it cannot be decided and strangers may not ask. */
  callerOf(entry: RouteEntry, request: BrowserRequest, session: BrowserSession): Promise<Caller | undefined>;
}

/** An access token that is sent to a service must be good until it has been read, and a page until its parts have been loaded. */
const renewedBeforeMs = 60_000;

export function createCookieAdmission({ verifier, clock, renew }: CookieAdmissionOptions): CookieAdmission {
  const isGoodFor = (token: string): boolean => verifier.endOf(token) - clock.now() >= renewedBeforeMs;

  const withRenewal = async (
    entry: RouteEntry,
    request: BrowserRequest,
    { refresh_token, known, known_token }: { refresh_token: string; known: Caller | undefined; known_token: string | undefined },
  ): Promise<Caller | undefined> => {
    const { client, correlation_id, span } = request;
    const renewal = await renew({ refresh_token, client_address: client.address, correlation_id, traceparent: span.traceparent });
    if (renewal === 'ended') {
      request.session_cookies = endedSessionCookies(client.secure);
      return undefined;
    }
    if (renewal === 'away') {
      if (known !== undefined && known_token !== undefined) return signedInAs(request, known, known_token);
      if (entry.access === 'public') return undefined;
      throw refusal('service_unavailable', 'users does not answer at the moment.', { service: 'users' });
    }
    return renewed(request, renewal);
  };
  const renewed = async (request: BrowserRequest, pair: TokenPair): Promise<Caller> => {
    const caller = await verifier.verify(pair.access_token);
    request.session_cookies = sessionCookies(pair, request.client.secure);
    return signedInAs(request, caller, pair.access_token);
  };
  const callerOf = async (
    entry: RouteEntry,
    request: BrowserRequest,
    { access_token, refresh_token }: BrowserSession,
  ): Promise<Caller | undefined> => {
    const known = access_token === undefined ? undefined : await verified(verifier, access_token, entry);
    if (known !== undefined && access_token !== undefined && (refresh_token === undefined || isGoodFor(access_token)))
      return signedInAs(request, known, access_token);
    return refresh_token === undefined ? undefined : withRenewal(entry, request, { refresh_token, known, known_token: access_token });
  };

  return {
    sessionOf: ({ request, client }) => readSession(request.headers['cookie'] as string | undefined, client.secure),
    isForeign(entry, { request: { method, headers }, upgrade, client }, session) {
      // Browsers open WebSockets for foreign pages with the cookies of the shop.
      if ((method === 'GET' || method === 'HEAD') && upgrade === undefined) return false;
      if (session === undefined && !entry.cookies) return false;
      const { 'sec-fetch-site': sec_fetch_site, origin, host } = headers as Readonly<Record<string, string | undefined>>;
      return !isSameOrigin({ sec_fetch_site, origin, host, secure: client.secure });
    },
    knownCaller(request, { access_token }) {
      const known = access_token === undefined ? undefined : verifier.remembered(access_token);
      if (known === undefined || access_token === undefined || !isGoodFor(access_token)) return undefined;
      return signedInAs(request, known, access_token);
    },
    callerOf,
  };
}

function signedInAs(request: BrowserRequest, caller: Caller, access_token: string): Caller {
  request.request.headers.authorization = `Bearer ${access_token}`;
  return caller;
}

/** Undefined for a token that is not good. Throws `keys_unavailable` where strangers may not ask. */
async function verified(verifier: Verifier, token: string, { access }: RouteEntry): Promise<Caller | undefined> {
  try {
    return await verifier.verify(token);
  } catch (error) {
    if (access === 'public' || (error instanceof AppError && error.code === 'token_invalid')) return undefined;
    throw error;
  }
}
