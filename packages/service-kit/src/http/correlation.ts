/** The correlation of a request, and the form in which events carry it. */
import { derivedUuid, type IdSource, isUuid } from '@souk/kernel';
import type { Cause } from '@souk/messaging';

const correlationPattern = /^[A-Za-z0-9._-]{8,64}$/;
const correlationNamespace = 'souk.correlation';

/** The id the client sent when it has the right form, else a new one. */
export function correlationIdOf(header: string | string[] | undefined, ids: IdSource): string {
  return typeof header === 'string' && correlationPattern.test(header) ? header : ids.uuid();
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
