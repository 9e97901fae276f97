import { eventStreamType, refusal } from '@souk/contracts';
import Negotiator from 'negotiator';

/**
 * The content type that an `Accept` header prefers (RFC 9110, section 12.5.1), the first of them without a preference. Throws
 * `not_acceptable` when the client takes none.
 */
export function preferredType(accept: string | undefined, types: readonly string[]): string {
  const headers = accept === undefined ? {} : { accept };
  const wanted = new Negotiator({ headers }).mediaType([...types]);
  if (wanted === undefined) throw refusal('not_acceptable', `There is ${types.join(' and ')} at this address.`);
  return wanted;
}

const graphTypes = ['application/json', 'application/graphql-response+json', eventStreamType];

/** Whether an `Accept` header asks for a stream of events where the answer could be JSON as well: one that takes both equally gets what it names first. */
export function prefersEventStream(accept: string | undefined): boolean {
  if (accept === undefined || !accept.includes(eventStreamType)) return false;
  return new Negotiator({ headers: { accept } }).mediaType(graphTypes) === eventStreamType;
}
