/**
 * The form of API keys: `souk_live_<id>_<secret>_<checksum>`. The beginning is what secret scanners and our own log look for; the
 * checksum distinguishes a typing mistake from a key that is not known, without asking anyone.
 */
import { crc32 } from 'node:zlib';

const beginning = 'souk_live_';
const form = /^souk_live_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_[A-Za-z0-9_-]{43}_([0-9A-Za-z]{6})$/;
const checksumLength = 6;
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Random bytes of the secret part, which are 43 characters. */
export const apiKeySecretBytes = 32;

/** The key with this id (a UUID) and secret (43 characters of base64url). */
export function apiKeyOf(id: string, secret: string): string {
  const text = `${beginning}${id.replaceAll('-', '')}_${secret}`;
  return `${text}_${checksumOf(text)}`;
}

/** Whether a bearer token is meant as an API key, right or wrong. */
export function looksLikeApiKey(token: string): boolean {
  return token.startsWith(beginning);
}

/** The id of a key of the right form and checksum; undefined for anything else. It says nothing about whether there is such a key. */
export function apiKeyIdOf(key: string): string | undefined {
  const match = form.exec(key);
  if (match === null || match[6] !== checksumOf(key.slice(0, -checksumLength - 1))) return undefined;
  return match.slice(1, 6).join('-');
}

/** CRC-32 in base 62. */
function checksumOf(text: string): string {
  let rest = crc32(text);
  let checksum = '';
  for (let place = 0; place < checksumLength; place += 1) {
    checksum = `${digits[rest % digits.length]}${checksum}`;
    rest = Math.floor(rest / digits.length);
  }
  return checksum;
}
