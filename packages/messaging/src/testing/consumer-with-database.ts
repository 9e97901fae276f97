/** A consumer of one attempt over a database that can be away: the real runtime over a hand-written port. */
import { type AnyEvent, orderCompleted, refusal } from '@souk/contracts';
import { silentLog, silentMetrics, systemClock, systemIds } from '@souk/kernel';
import type { Database, Tx } from '@souk/postgres';
import type { ConsumerDefinition } from '../consumer.ts';
import { createBatchHandler } from '../consumer-runtime.ts';

export const completedOrder = { order_id: systemIds.uuid(), order_version: 5, user_id: systemIds.uuid() };

/** `attempts_max` of one makes a message that uses up an attempt a dead letter at once. */
export function consumerWithDatabase(attempts_max = 1) {
  const database = { away: true, refused: 0 };
  const handled: AnyEvent[] = [];
  const answer = <T>(work: () => Promise<T>): Promise<T> => {
    if (!database.away) return work();
    database.refused += 1;
    return Promise.reject(refusal('database_unavailable'));
  };
  const query = <Row>(): Promise<Row[]> => answer(async () => []);
  const tx: Tx = { query, finish: query, onCommit: (work) => work() };
  const db: Database = {
    query,
    transaction: (work) => answer(() => work(tx)),
    listen: async () => async () => undefined,
    pool: () => ({ total: 0, idle: 0, waiting: 0 }),
    ping: () => answer(async () => undefined),
    close: async () => undefined,
  };
  const definition: ConsumerDefinition<unknown, AnyEvent> = {
    queue: 'notifications.notify-customer',
    events: [orderCompleted],
    attempts_max,
    deduplicate: 'business_key',
    async handle(_context, _tx, events) {
      handled.push(...events);
    },
  };
  const runtime = {
    service: 'notifications',
    db,
    broker: undefined as never,
    clock: systemClock,
    log: silentLog,
    metrics: silentMetrics,
  };
  return { database, handled, handle: createBatchHandler(definition, {}, runtime) };
}
