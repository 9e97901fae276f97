/** Live updates: what is read of the services, and what a client says of what it has seen. */
import { type HistoryPart, refusal } from '@souk/contracts';

/** What is watched, and how far it has been seen: the sequence of a line of a history, the version of a stock; 0 before the first. */
export interface Question {
  readonly key: string;
  readonly after: number;
}

/** Answers the parts in the order of the questions; undefined for what is not there. Rejects when the service does not answer. */
export type ReadParts<Part> = (questions: readonly Question[]) => Promise<readonly (Part | undefined)[]>;

const finalStatuses: ReadonlySet<HistoryPart['status']> = new Set(['completed', 'cancelled']);

/** Whether nothing is to come: the status is final, and all lines up to now are in the part. */
export function isEnd({ status, has_more }: HistoryPart): boolean {
  return finalStatuses.has(status) && !has_more;
}

/** The lines after a sequence; undefined when there are none. */
export function linesSince(part: HistoryPart, sequence: number): { part: HistoryPart; seen: number } | undefined {
  const transitions = part.transitions.filter((line) => line.sequence > sequence);
  const last = transitions.at(-1);
  return last === undefined ? undefined : { part: { ...part, transitions }, seen: last.sequence };
}

/** Customers watch their own orders, staff those of all. */
export function mayWatch({ user_id }: HistoryPart, caller: { user_id: string; isStaff: boolean } | undefined): boolean {
  return caller !== undefined && (caller.isStaff || caller.user_id === user_id);
}

/** The sequence in a `Last-Event-ID`; 0 without one. Throws `header_invalid`. */
export function lastSequenceOf(header: string | string[] | undefined): number {
  if (header === undefined || header === '') return 0;
  if (typeof header === 'string' && /^\d{1,15}$/.test(header)) return Number(header);
  throw refusal('header_invalid', 'Last-Event-ID must be the id of an event of this stream.');
}
