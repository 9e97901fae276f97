import type { EventDefinition, EventOf, QueueName } from '@souk/contracts';
import type { Tx } from '@souk/postgres';

/** An event that could not be handled although its batch could; nothing of it may be written in the transaction. */
export interface Failure {
  event_id: string;
  error: Error;
}

/**
 * What a consumer is: its queue, its events, its limits and its handler. The runtime does the rest: parsing,
 * validation, the transaction, the inbox, retries, dead letters, acknowledgement.
 */
export interface ConsumerDefinition<Context, Event = never> {
  queue: QueueName;
  events: readonly EventDefinition[];
  /** Most events in one transaction (default 100). */
  batch_max?: number;
  /** Failed attempts after which a message is a dead letter (default 8). */
  attempts_max?: number;
  /**
   * `inbox` keeps the ids of handled events and drops repeats; `business_key` says that the handler's own unique keys
   * and versions make a repeat harmless, and saves the row.
   */
  deduplicate: 'inbox' | 'business_key';
  /**
   * Handles a batch inside one transaction of the service's database. A throw fails the whole batch, which is then
   * tried one by one; failures returned concern single events. Anything after the commit goes into `tx.onCommit`.
   */
  handle(context: Context, tx: Tx, events: readonly Event[]): Promise<readonly Failure[]> | Promise<void>;
}

/** Declares a consumer with the type of its events taken from their definitions. */
export function defineConsumer<Context, const D extends readonly EventDefinition<string, object>[]>(
  definition: Omit<ConsumerDefinition<Context, EventOf<D[number]>>, 'events'> & { events: D },
): ConsumerDefinition<Context, EventOf<D[number]>> {
  return definition as unknown as ConsumerDefinition<Context, EventOf<D[number]>>;
}

/** A consumer of any events, as lists of consumers hold it. */
export type AnyConsumer<Context> = ConsumerDefinition<Context, never>;
