/** One form for all spellings of a user name or address, by which they are compared, looked up and counted. */
import { refusal } from '@souk/contracts';
import { asciiDomain, emailKey, foldText } from '@souk/kernel';

const addressLengthMax = 254;

/** The key of a user name. */
export function usernameKey(username: string): string {
  return foldText(username);
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
