/** The account that was meant: its whole user name or address, in any case. A part of one names none. */
import type { User } from '@souk/contracts';

export function accountNamed<Account extends Pick<User, 'username' | 'email' | 'kind'>>(
  found: readonly Account[],
  login: string,
): Account | undefined {
  const wanted = login.toLowerCase();
  return found.find(
    ({ username, email, kind }) => kind === 'registered' && [username, email].some((name) => name.toLowerCase() === wanted),
  );
}
