/** What the kernel needs of cryptography, in a browser: Web Crypto, and a digest that answers at once, which Web Crypto has not. */
import { sha256 as digestOf } from '@noble/hashes/sha2.js';

const uuidBytes = 16;
const timeBytes = 6;

/** A UUID of version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then random bits. */
export function newUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(uuidBytes));
  const time = Date.now()
    .toString(16)
    .padStart(timeBytes * 2, '0');
  for (let at = 0; at < timeBytes; at += 1) bytes[at] = Number.parseInt(time.slice(at * 2, at * 2 + 2), 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toHex();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function newSecret(bytes: number): string {
  return crypto.getRandomValues(new Uint8Array(bytes)).toBase64({ alphabet: 'base64url', omitPadding: true });
}

/** The hexadecimal digits of so many random bytes. */
export function randomHex(bytes: number): string {
  return crypto.getRandomValues(new Uint8Array(bytes)).toHex();
}

/** SHA-256 of the texts one after the other, in UTF-8. */
export function sha256(...texts: readonly string[]): Uint8Array {
  return digestOf(new TextEncoder().encode(texts.join('')));
}
