/**
 * The relay empties the outbox. Fresh rows are published from memory right after their commit and deleted in batches;
 * the poll below finds unpublished rows: those of a process that died, or that the broker did not confirm. A row is
 * deleted only after its confirm, so a crash in between publishes it again with the same id: at least once, and the
 * consumers make it once. (Pattern: transactional outbox, Richardson, "Microservices Patterns", 2018, ch. 3.)
 */
import { backoffMs, type Clock, createSingleFlight, elapsedSeconds, type Log, type Metrics, pause } from '@souk/kernel';
import type { Database } from '@souk/postgres';
import type { Tracer } from '@souk/telemetry/tracing';
import type { Broker } from './broker.ts';
import { type OutboxRow, toOutgoing } from './event.ts';
import { claimUnpublished, deleteRows, outboxStats, releaseClaims } from './outbox-store.ts';
import { publishTraced } from './publish-spans.ts';

export interface RelayOptions {
  db: Database;
  broker: Broker;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  tracer: Tracer;
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
  /** `seen_s_ago`: how long it is since the table was read. */
  stats(): { backlog: number; oldest_age_s: number; seen_s_ago: number };
  /** Nothing in memory and nothing in the table. */
  empty(): Promise<boolean>;
}

const limits = {
  batch_max: 500,
  /** Fresh rows kept in memory; more are left to the poll. */
  fresh_max: 20_000,
  /** The same before the topology is declared, which may take as long as the broker is away. */
  early_max: 500,
  /** A row this old counts as unpublished: the process that wrote it has not published it. */
  unpublished_age_ms: 2_000,
  claim_ms: 15_000,
  poll_ms: 1_000,
  /** How long confirmed rows wait to be deleted together; far less than the age at which a row counts as unpublished. */
  delete_delay_ms: 100,
  delete_batch_max: 1_000,
  /** Confirmed rows kept in memory while the database is away; more are published again and handled once. */
  confirmed_max: 50_000,
  retry_first_ms: 100,
  retry_most_ms: 5_000,
};

/** The relay of a service. */
export function createRelay(options: RelayOptions): Relay {
  return new OutboxRelay(options);
}

class OutboxRelay implements Relay {
  readonly #options: RelayOptions;
  readonly #stopping = new AbortController();
  readonly #fresh: OutboxRow[] = [];
  readonly #confirmed: string[] = [];
  readonly #publishing = createSingleFlight(() => this.#publishFresh());
  readonly #deleting = createSingleFlight(() => this.#deleteConfirmed());
  #polling: Promise<void> | undefined;
  #failures = 0;
  #opened = false;
  /** Since when rows wait in memory for the topology. */
  #early_since: number | undefined;
  #last: { backlog: number; oldest_age_s: number; at: number };

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#last = { backlog: 0, oldest_age_s: 0, at: options.clock.now() };
  }

  offer(rows: readonly OutboxRow[]): void {
    const most = this.#opened ? limits.fresh_max : limits.early_max;
    // While nothing can be published memory would only grow; the rows are safe in the table and the poll finds them.
    if (this.#failures > 0 || this.#fresh.length + rows.length > most) return;
    if (!this.#opened) this.#early_since ??= this.#options.clock.now();
    for (const row of rows) this.#fresh.push(row);
    if (this.#opened) void this.#publishing.again();
  }

  start(): void {
    this.#polling ??= this.#poll();
  }

  open(): void {
    this.#opened = true;
    const { clock } = this.#options;
    // Others may have found them in the table by now, and the poll does.
    if (this.#early_since !== undefined && clock.now() - this.#early_since > limits.unpublished_age_ms) this.#fresh.length = 0;
    this.#early_since = undefined;
    void this.#publishing.again();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#polling;
    await this.#publishing.current();
    await this.#deleting.current();
  }

  stats(): { backlog: number; oldest_age_s: number; seen_s_ago: number } {
    const { backlog, oldest_age_s, at } = this.#last;
    const seen_s_ago = elapsedSeconds(at, this.#options.clock.now());
    const stuck = backlog > 0 && (this.#failures > 0 || !this.#opened);
    return { backlog, oldest_age_s: oldest_age_s + (stuck ? seen_s_ago : 0), seen_s_ago };
  }

  async empty(): Promise<boolean> {
    if (this.#fresh.length > 0 || this.#publishing.current() !== undefined || this.#deleting.current() !== undefined) return false;
    return (await outboxStats(this.#options.db)).backlog === 0;
  }

  async #publishFresh(): Promise<void> {
    // Nothing to publish says nothing about the broker.
    if (this.#fresh.length === 0) return;
    try {
      while (this.#fresh.length > 0) await this.#publish(this.#fresh.splice(0, limits.batch_max), false);
      this.#failures = 0;
    } catch (error) {
      this.#failed(error);
      this.#fresh.length = 0;
    }
  }

  async #publish(rows: readonly OutboxRow[], unpublished: boolean): Promise<void> {
    const { broker, metrics, log, tracer } = this.#options;
    const outcomes = await publishTraced({ tracer, broker, unpublished }, rows.map(toOutgoing));
    const gone = rows.filter((_, index) => outcomes[index] === 'confirmed');
    metrics.count('souk_outbox_published_total', {}, gone.length);
    const unroutable = outcomes.filter((outcome) => outcome === 'unroutable').length;
    if (unroutable > 0) {
      metrics.count('souk_outbox_unroutable_total', {}, unroutable);
      log.warn({ count: unroutable }, 'events reached no queue and stay in the outbox');
    }
    // The broker says which of them and why; here they wait, and hold up no others.
    const unconfirmed = rows.length - gone.length - unroutable;
    if (unconfirmed > 0) metrics.count('souk_outbox_unconfirmed_total', {}, unconfirmed);
    if (gone.length === 0) return;
    for (const row of gone) this.#confirmed.push(row.event_id);
    void this.#deleting.again();
  }

  /** Never rejects. What could not be deleted is tried again, because left alone it would be published anew with every claim. */
  async #deleteConfirmed(): Promise<void> {
    let failures = 0;
    while (this.#confirmed.length > 0) {
      if (failures > 0) await pause(backoffMs(failures, limits.retry_first_ms, limits.retry_most_ms), this.#stopping.signal);
      else if (this.#confirmed.length < limits.delete_batch_max) await pause(limits.delete_delay_ms, this.#stopping.signal);
      const batch = this.#confirmed.splice(0, limits.delete_batch_max);
      try {
        await deleteRows(this.#options.db, batch);
        failures = 0;
      } catch (error) {
        if (failures++ === 0) this.#options.log.warn({ err: error }, 'confirmed events could not be deleted; that is tried again');
        if (this.#stopping.signal.aborted) return;
        if (this.#confirmed.length < limits.confirmed_max) this.#confirmed.push(...batch);
      }
    }
  }

  async #poll(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      let more = false;
      try {
        this.#last = { ...(await outboxStats(this.#options.db)), at: this.#options.clock.now() };
        if (this.#last.backlog === 0) this.#failures = 0;
        else if (this.#opened && this.#last.oldest_age_s * 1_000 >= limits.unpublished_age_ms) more = await this.#sweep();
      } catch (error) {
        this.#failed(error);
      }
      if (!more) await pause(this.#waitMs(), this.#stopping.signal);
    }
  }

  /** Publishes unpublished rows; answers whether there may be more. */
  async #sweep(): Promise<boolean> {
    const { db, metrics, log } = this.#options;
    const rows = await claimUnpublished(db, { age_ms: limits.unpublished_age_ms, claim_ms: limits.claim_ms, batch_max: limits.batch_max });
    if (rows.length === 0) return false;
    await this.#publish(rows, true).catch((error: unknown) => this.#release(rows, error));
    metrics.count('souk_outbox_swept_total', {}, rows.length);
    if (this.#failures > 0) log.info({}, 'events are published again');
    this.#failures = 0;
    return rows.length === limits.batch_max;
  }

  /** Without a connection nothing is wrong with these rows: they need not wait until their claim ends. */
  async #release(rows: readonly OutboxRow[], error: unknown): Promise<never> {
    const { db, broker } = this.#options;
    if (!broker.connected())
      await releaseClaims(
        db,
        rows.map((row) => row.event_id),
      );
    throw error;
  }

  #failed(error: unknown): void {
    if (this.#failures++ === 0) this.#options.log.warn({ err: error }, 'events could not be published; they wait in the outbox');
  }

  #waitMs(): number {
    return this.#failures > 0 ? backoffMs(this.#failures, limits.retry_first_ms, limits.retry_most_ms) : limits.poll_ms;
  }
}
