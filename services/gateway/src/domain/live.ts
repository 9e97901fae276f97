/** Live updates: what is read of the services, and what a client says of what it has seen. */
import { type AnyEvent, type Availability, type HistoryPart, type LiveTopic, liveTopics, refusal } from '@souk/contracts';

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

/** The part with the lines after a sequence only, and how far it goes then. */
export function linesSince(part: HistoryPart, sequence: number): { part: HistoryPart; seen: number } {
  const transitions = part.transitions.filter((line) => line.sequence > sequence);
  return { part: { ...part, transitions }, seen: transitions.at(-1)?.sequence ?? sequence };
}

/** The stock, and the version that has been seen then. */
export function stockSince(part: Availability, version: number): { part: Availability; seen: number } {
  return { part, seen: Math.max(part.stock_version, version) };
}

/** A broadcast as staff get it. */
export interface ShopEvent {
  event_id: string;
  event_type: string;
  timestamp: string;
  payload: Readonly<Record<string, unknown>>;
}

/** By the first word of the routing keys. */
const topicOf: Readonly<Record<string, LiveTopic>> = { order: 'orders', product: 'products', inventory: 'stock' };

/** The event as it was published: the members of its own stand beside those of every event. */
export function eventIn({ body }: { body: string }): AnyEvent {
  return JSON.parse(body) as AnyEvent;
}

/** The event of a broadcast; undefined when it is about something else. */
export function shopEventOf(broadcast: { routing_key: string; body: string }, topics: ReadonlySet<LiveTopic>): ShopEvent | undefined {
  const topic = topicOf[broadcast.routing_key.split('.', 1)[0] ?? ''];
  if (topic === undefined || !topics.has(topic)) return undefined;
  const {
    event_id,
    event_type,
    timestamp,
    version: _version,
    correlation_id: _cause,
    metadata: _metadata,
    ...payload
  } = eventIn(broadcast);
  return { event_id, event_type, timestamp, payload };
}

/** The topics of a list separated by commas; all without one. */
export function topicsOf(list: string | undefined): ReadonlySet<LiveTopic> {
  return new Set(list === undefined ? liveTopics : (list.split(',') as LiveTopic[]));
}

/** Customers watch their own orders and those of the guests they have linked, staff those of all. */
export function mayWatch({ user_id, linked_to }: HistoryPart, caller: { user_id: string; isStaff: boolean } | undefined): boolean {
  return caller !== undefined && (caller.isStaff || caller.user_id === user_id || caller.user_id === linked_to);
}

/** The sequence in a `Last-Event-ID`; 0 without one. Throws `header_invalid`. */
export function lastSequenceOf(header: string | string[] | undefined): number {
  if (header === undefined || header === '') return 0;
  if (typeof header === 'string' && /^\d{1,15}$/.test(header)) return Number(header);
  throw refusal('header_invalid', 'Last-Event-ID must be the id of an event of this stream.');
}
