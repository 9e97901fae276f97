/** One form for all spellings of a user name or address, by which they are compared, looked up and counted. */
import { refusal } from '@souk/contracts';

const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Zs}]+/gu;
const addressLengthMax = 254;

/** NFKC and case-folded, without what cannot be seen. `İ` and `ı` fold to `i`, so that no locale distinguishes them. */
function fold(text: string): string {
  const folded = text.normalize('NFKC').replaceAll(invisible, '').toUpperCase().toLowerCase().normalize('NFKC');
  return folded.replaceAll('i\u0307', 'i');
}

/** The key of a user name. */
export function usernameKey(username: string): string {
  return fold(username);
}

/** The key of an address: its domain as A-labels, so that both spellings of an internationalised domain are one. */
export function emailKey(email: string): string {
  const at = email.lastIndexOf('@');
  const domain = asciiDomain(email.slice(at + 1));
  return domain === undefined ? fold(email) : `${fold(email.slice(0, at))}@${domain}`;
}

/** The key of what was typed to sign in: an address where it has an `@`, which no user name has. */
export function loginKey(login: string): string {
  return login.includes('@') ? emailKey(login) : usernameKey(login);
}

/** The address as it is kept: the domain in lower case and as A-labels. Refuses with `validation_failed` where it is no domain name. */
export function keptEmail(email: string): string {
  const trimmed = email.trim();
  const at = trimmed.lastIndexOf('@');
  const domain = asciiDomain(trimmed.slice(at + 1));
  const kept = `${trimmed.slice(0, at)}@${domain}`;
  if (at > 0 && domain !== undefined && kept.length <= addressLengthMax) return kept;
  const errors = [{ pointer: '/email', detail: 'does not have a domain name that can be looked up' }];
  throw refusal('validation_failed', 'The domain of the address is not valid.', { errors });
}

/** A-labels (RFC 5891); undefined for what is no domain name, or is the address of a host. */
function asciiDomain(domain: string): string | undefined {
  const folded = fold(domain);
  const url = `http://${folded}`;
  if (folded === '' || /[/:?#\\@%[\]]/.test(folded) || !URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  return /^(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{0,62}[a-z][a-z0-9-]{0,62}$/.test(hostname) ? hostname : undefined;
}
