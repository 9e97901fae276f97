/** Which story a request belongs to: correlation id, trace context, and both in the form events carry them. */
import { randomFillSync } from 'node:crypto';
import { derivedUuid, type IdSource, isUuid } from '@souk/kernel';
import type { Cause } from '@souk/messaging';

const correlationPattern = /^[A-Za-z0-9._-]{8,64}$/;
const traceparentPattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const correlationNamespace = 'souk.correlation';

/** The id the client sent when it has the right form, else a new one. */
export function correlationIdOf(header: string | string[] | undefined, ids: IdSource): string {
  return typeof header === 'string' && correlationPattern.test(header) ? header : ids.uuid();
}

/** The trace context the client sent when it is valid, else a new, unsampled one. */
export function traceparentOf(header: string | string[] | undefined): string {
  if (typeof header === 'string' && traceparentPattern.test(header)) return header;
  return `00-${randomHex(16)}-${randomHex(8)}-00`;
}

/** The cause of what a request does: events carry a UUID, so any other id gets the one that always belongs to it. */
export function requestCause(correlation_id: string, traceparent: string, actor: string | undefined): Cause {
  const cause: Cause = { correlation_id, traceparent };
  if (!isUuid(correlation_id)) {
    cause.correlation_id = derivedUuid(correlationNamespace, correlation_id);
    cause.correlation = correlation_id;
  }
  if (actor !== undefined) cause.actor = actor;
  return cause;
}

const pool = Buffer.alloc(4_096);
let used = pool.length;

/** Random bytes are drawn for many requests at once: a draw costs more than the bytes. */
function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}
