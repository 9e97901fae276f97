/** Which story a request belongs to: the ids the client sent when they have the right form, else new ones. */
import { randomFillSync } from 'node:crypto';
import type { IdSource } from '@souk/kernel';

const correlationPattern = /^[A-Za-z0-9._-]{8,64}$/;
const traceparentPattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

export function correlationIdOf(header: string | string[] | undefined, ids: IdSource): string {
  return typeof header === 'string' && correlationPattern.test(header) ? header : ids.uuid();
}

export function traceparentOf(header: string | string[] | undefined): string {
  if (typeof header === 'string' && traceparentPattern.test(header)) return header;
  return `00-${randomHex(16)}-${randomHex(8)}-00`;
}

const drawn = Buffer.alloc(4_096);
let used = drawn.length;

/** Random bytes are drawn for many requests at once: a draw costs more than the bytes. */
function randomHex(bytes: number): string {
  if (used + bytes > drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  used += bytes;
  return drawn.toString('hex', used - bytes, used);
}
