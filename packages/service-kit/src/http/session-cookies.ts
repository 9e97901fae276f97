/** The session of a browser: two cookies that no script can read. The gateway turns them into the Authorization header that services know. */
import type { TokenPair } from '@souk/contracts';
import { cookieName, readCookies, writeCookie } from './cookies.ts';

const accessName = 'souk_access';
const refreshName = 'souk_refresh';
/** Cookies of the shop begin with this; all others are those of other apps. */
const ownPrefix = 'souk_';
/** Longer than a session goes on without being renewed, unless the operator wants more: `users` decides when it ends. */
const refreshMaxAgeS = 2_592_000;
/** Of both tokens. */
const tokenForm = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

export interface BrowserSession {
  /** Undefined: its cookie has ended with it. */
  access_token: string | undefined;
  refresh_token: string | undefined;
}

/** The tokens that a browser sends along; undefined without any. `secure`: the request came by https. */
export function readSession(cookie: string | undefined, secure: boolean): BrowserSession | undefined {
  if (cookie?.includes(ownPrefix) !== true) return undefined;
  const cookies = readCookies(cookie);
  const read = (name: string): string | undefined => {
    const value = cookies.get(cookieName(name, secure));
    return value !== undefined && tokenForm.test(value) ? value : undefined;
  };
  const access_token = read(accessName);
  const refresh_token = read(refreshName);
  return access_token === undefined && refresh_token === undefined ? undefined : { access_token, refresh_token };
}

/** The values of `Set-Cookie` that begin a session in a browser, or go on with it. */
export function sessionCookies({ access_token, expires_in, refresh_token }: TokenPair, secure: boolean): string[] {
  return [
    writeCookie(accessName, access_token, { secure, max_age_s: expires_in }),
    writeCookie(refreshName, refresh_token, { secure, max_age_s: refreshMaxAgeS }),
  ];
}

/** The values of `Set-Cookie` that end the session in a browser. */
export function endedSessionCookies(secure: boolean): string[] {
  return [accessName, refreshName].map((name) => writeCookie(name, '', { secure, max_age_s: 0 }));
}

/**
 * The header `Cookie` for a service that needs the cookies of the shop: without those of other apps and without the access token, which it gets as
 * Authorization; with the refresh token only where something is changed, such as the session. Undefined where nothing is left.
 */
export function forwardedCookies(
  cookie: string | undefined,
  { secure, changes }: { secure: boolean; changes: boolean },
): string | undefined {
  if (cookie?.includes(ownPrefix) !== true) return undefined;
  const prefix = cookieName(ownPrefix, secure);
  const left = [cookieName(accessName, secure), ...(changes ? [] : [cookieName(refreshName, secure)])];
  const passed = [...readCookies(cookie)].filter(([name]) => name.startsWith(prefix) && !left.includes(name));
  return passed.length === 0 ? undefined : passed.map(([name, value]) => `${name}=${value}`).join('; ');
}
