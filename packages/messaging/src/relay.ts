/**
 * The relay empties the outbox. Fresh rows are published from memory right after their commit and deleted in batches;
 * the poll below is the net for strays: rows of a process that died, or that the broker did not confirm. A row is
 * deleted only after its confirm, so a crash in between publishes it again with the same id: at least once, and the
 * consumers make it once. (Pattern: transactional outbox, Richardson, "Microservices Patterns", 2018, ch. 3.)
 */
import { backoffMs, type Clock, type Log, type Metrics, pause } from '@souk/kernel';
import type { Database } from '@souk/postgres';
import type { Broker } from './broker.ts';
import { type OutboxRow, toOutgoing } from './event.ts';
import { claimStrays, deleteRows, outboxFigures } from './outbox-store.ts';

export interface RelayOptions {
  service: string;
  db: Database;
  broker: Broker;
  clock: Clock;
  log: Log;
  metrics: Metrics;
}

export interface Relay {
  /** Fresh rows, just committed. */
  offer(rows: readonly OutboxRow[]): void;
  /** Watches the table, so that the age of the oldest row is known even while nothing can be published. */
  start(): void;
  /** The topology is declared: publish from now on. */
  open(): void;
  /** Publishes what is in memory if the broker answers, deletes what is confirmed, and ends. */
  stop(): Promise<void>;
  figures(): { backlog: number; oldest_age_s: number };
  /** Nothing in memory and nothing in the table. */
  empty(): Promise<boolean>;
}

const limits = {
  batch_max: 500,
  /** Fresh rows kept in memory; more are left to the poll. */
  fresh_max: 20_000,
  /** A row this old that nobody published is a stray. */
  stray_age_ms: 2_000,
  claim_ms: 15_000,
  poll_ms: 1_000,
  /** How long confirmed rows wait to be deleted together. */
  delete_delay_ms: 25,
  delete_batch_max: 1_000,
  retry_first_ms: 100,
  retry_most_ms: 5_000,
};

export function createRelay(options: RelayOptions): Relay {
  const { db, broker, log, metrics, service } = options;
  const stopping = new AbortController();
  const fresh: OutboxRow[] = [];
  let confirmed: string[] = [];
  let publishing: Promise<void> | undefined;
  let deleting: Promise<void> | undefined;
  let polling: Promise<void> | undefined;
  let failures = 0;
  let opened = false;
  let last = { backlog: 0, oldest_age_s: 0, at: options.clock.now() };

  const publish = async (rows: readonly OutboxRow[]): Promise<void> => {
    const outcomes = await broker.publish(rows.map(toOutgoing));
    const gone = rows.filter((_, index) => outcomes[index] === 'confirmed');
    metrics.count('souk_outbox_published_total', { service }, gone.length);
    if (gone.length < rows.length) {
      metrics.count('souk_outbox_unroutable_total', { service }, rows.length - gone.length);
      log.warn({ count: rows.length - gone.length }, 'events reached no queue and stay in the outbox');
    }
    for (const row of gone) confirmed.push(row.event_id);
    deleting ??= deleteConfirmed();
  };

  const deleteConfirmed = async (): Promise<void> => {
    try {
      while (confirmed.length > 0) {
        if (confirmed.length < limits.delete_batch_max) await pause(limits.delete_delay_ms, stopping.signal);
        const batch = confirmed;
        confirmed = [];
        await deleteRows(db, batch);
      }
    } catch (error) {
      log.warn({ err: error }, 'confirmed events could not be deleted; they will be published again and handled once');
    } finally {
      deleting = undefined;
    }
  };

  const publishFresh = async (): Promise<void> => {
    try {
      while (fresh.length > 0) await publish(fresh.splice(0, limits.batch_max));
      failures = 0;
    } catch (error) {
      failed(error);
      fresh.length = 0;
    } finally {
      publishing = undefined;
    }
  };

  const failed = (error: unknown): void => {
    if (failures++ === 0) log.warn({ err: error }, 'events could not be published; they wait in the outbox');
  };

  const sweep = async (): Promise<boolean> => {
    const rows = await claimStrays(db, { age_ms: limits.stray_age_ms, claim_ms: limits.claim_ms, batch_max: limits.batch_max });
    if (rows.length > 0) {
      await publish(rows);
      metrics.count('souk_outbox_strays_total', { service }, rows.length);
    }
    if (failures > 0) log.info({}, 'events are published again');
    failures = 0;
    return rows.length === limits.batch_max;
  };

  const poll = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      let more = false;
      try {
        last = { ...(await outboxFigures(db)), at: options.clock.now() };
        if (opened && last.backlog > 0) more = await sweep();
      } catch (error) {
        failed(error);
      }
      if (!more) await pause(failures > 0 ? backoffMs(failures, limits.retry_first_ms, limits.retry_most_ms) : limits.poll_ms, stopping.signal);
    }
  };

  return {
    offer(rows) {
      // While the broker is away memory would only grow; the rows are safe in the table and the poll finds them.
      if (!opened || failures > 0 || fresh.length + rows.length > limits.fresh_max) return;
      for (const row of rows) fresh.push(row);
      publishing ??= publishFresh();
    },
    start() {
      polling ??= poll();
    },
    open() {
      opened = true;
    },
    async stop() {
      stopping.abort();
      await polling;
      await publishing;
      await deleting;
    },
    figures() {
      const grown_s = last.backlog > 0 && (failures > 0 || !opened) ? (options.clock.now() - last.at) / 1_000 : 0;
      return { backlog: last.backlog, oldest_age_s: last.oldest_age_s + grown_s };
    },
    async empty() {
      if (fresh.length > 0 || publishing || deleting) return false;
      return (await outboxFigures(db)).backlog === 0;
    },
  };
}
