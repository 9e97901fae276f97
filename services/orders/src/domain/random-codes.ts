/** Codes that cannot be guessed, and that people can read out: no letter looks like a digit. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Characters of a code, of 5 random bits each. */
export const codeLength = 12;

/** The code of so many random bytes; `secret` is base64url. */
export function randomCode(secret: string): string {
  return [...Uint8Array.fromBase64(secret, { alphabet: 'base64url' })].map((byte) => letters[byte % letters.length]).join('');
}
