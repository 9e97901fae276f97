import { timingSafeEqual } from 'node:crypto';
import { refusal } from '@souk/contracts';

/** The token of an Authorization header; throws `token_invalid` for any other scheme. */
export function bearerToken(header: string): string {
  const token = header.length > 7 && /^bearer $/i.test(header.slice(0, 7)) ? header.slice(7).trim() : '';
  if (token === '') throw refusal('token_invalid', 'The Authorization header must be Bearer and an access token.');
  return token;
}

/** Compares with a shared token in constant time. */
export function createTokenGuard(shared: string): (token: string) => boolean {
  const expected = Buffer.from(shared);
  return (token) => {
    const given = Buffer.from(token);
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
}
