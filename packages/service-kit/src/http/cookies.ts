/** Cookies of the shop (RFC 6265). What other apps of the same host set is passed over, however it is written. */

export interface CookieTraits {
  /** The request came by https: the name gets the prefix `__Host-`, and the cookie is never sent over http. */
  secure: boolean;
  /** Seconds; 0 removes the cookie. */
  max_age_s: number;
}

const securePrefix = '__Host-';
const nameForm = /^[a-z_]{1,40}$/;
/** cookie-octet of RFC 6265, without quotes. */
const valueForm = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;

/** The name that a cookie has in the browser: by https it has the prefix that no other host of the domain can set. */
export function cookieName(name: string, secure: boolean): string {
  return secure ? `${securePrefix}${name}` : name;
}

/** The values of the header `Cookie` by name, as they are written; of several with one name the first, which is the nearest. */
export function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at < 0) continue;
    const name = pair.slice(0, at).trim();
    const value = pair.slice(at + 1).trim();
    if (name !== '' && valueForm.test(value) && !found.has(name)) found.set(name, value);
  }
  return found;
}

/** The value of a header `Set-Cookie`: for this host and all its paths, out of the reach of scripts. Throws where name or value have other characters than they may. */
export function writeCookie(name: string, value: string, { secure, max_age_s }: CookieTraits): string {
  if (!nameForm.test(name) || !valueForm.test(value)) throw new TypeError(`The cookie ${name} cannot be written.`);
  const traits = `; Path=/; Max-Age=${max_age_s}; HttpOnly; SameSite=Lax`;
  return `${cookieName(name, secure)}=${value}${traits}${secure ? '; Secure' : ''}`;
}
