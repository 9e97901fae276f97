/** Which story a request belongs to: the id the client sent when it has the right form, else a new one. */
import type { IdSource } from '@souk/kernel';

const correlationPattern = /^[A-Za-z0-9._-]{8,64}$/;

export function correlationIdOf(header: string | string[] | undefined, ids: IdSource): string {
  return typeof header === 'string' && correlationPattern.test(header) ? header : ids.uuid();
}
