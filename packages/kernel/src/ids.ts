import { newSecret, newUuid, sha256 } from '#crypto';

/** The source of new identifiers and secrets; injected so that a test can fix them. */
export interface IdSource {
  /** A new lower-case UUID, version 7 (RFC 9562): ids made later sort later. */
  uuid(): string;
  /** `bytes` random bytes in base64url, for tokens and secrets. */
  secret(bytes: number): string;
}

export const systemIds: IdSource = {
  uuid: newUuid,
  secret: newSecret,
};

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether the text is a UUID as Souk writes it: lower case, with dashes, of any version. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}

/**
 * The UUID that always belongs to this name within this namespace: version 8 (RFC 9562, section 5.8) over the first
 * 16 bytes of SHA-256. Used where an event must get the same id however often it is derived, such as the one
 * cancellation refund of a payment.
 */
export function derivedUuid(namespace: string, name: string): string {
  const digest = sha256(namespace, '\0', name).subarray(0, 16);
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = digest.toHex();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Length of the first 48 bits of a UUID with their hyphen: the time, where the id is one of Souk's. */
const timeDigits = 13;

/**
 * The UUID that always belongs to the thing `id` under this name, and begins as `id` does: what is made close together in time lies
 * close together in an index, over which ids without time would be scattered.
 */
export function derivedUuidBeside(id: string, name: string): string {
  return id.slice(0, timeDigits) + derivedUuid(name, id).slice(timeDigits);
}
