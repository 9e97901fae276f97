/** What a database is to its users: the promises of the pool and of a transaction. */
import type { Log } from '@souk/kernel';

/** Anything a single statement can be put to. */
export interface Queryable {
  /**
   * The rows of one statement. Keep `text` constant and put data into `values`: each text is prepared once per connection, and
   * `tests/sql` can compare `Row` with what PostgreSQL answers.
   */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** A transaction under way. It lives on one connection; when that is lost, everything asked of it fails. */
export interface Tx extends Queryable {
  /** Runs `work` after a successful COMMIT, in the order of registration; an error in it is logged, not thrown. */
  onCommit(work: () => void): void;
  /** The last statement: it and COMMIT are one round trip. No statement may follow. */
  finish<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** A pool of connections to one database. Errors: `database_unavailable` when it is away; refusals of PostgreSQL as they are. */
export interface Database extends Queryable {
  /**
   * All or nothing: `work`'s statements in one READ COMMITTED transaction. BEGIN travels with the first statement.
   * After a deadlock or a serialisation failure the work is run again, at most three times (and when the schema was
   * changed under a prepared statement), so it must hold no state of its own: `await db.transaction(async (tx) => tx.finish('update ...', [id]))`.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Receives NOTIFY on a channel, over a connection of its own which is made again for ever. After each reconnection `onNotification`
   * is called with an empty payload, because something may have been missed. Resolves with the function that ends it.
   */
  listen(channel: string, onNotification: (payload: string) => void): Promise<() => Promise<void>>;
  /** Connections open, open and unused, and callers waiting for one. */
  pool(): { total: number; idle: number; waiting: number };
  /** Throws `database_unavailable` when the database does not answer. */
  ping(): Promise<void>;
  /** Waits for what is under way (at most five seconds), then closes all connections. Safe to call again. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  /** Seen in pg_stat_activity. */
  application_name: string;
  /** Most connections at the same time. */
  pool_max: number;
  /** Most callers waiting for a connection; beyond it `overloaded`. Default 2000. */
  waiting_max?: number;
  /** Longest run of one statement; default 15000. */
  statement_timeout_ms?: number;
  /** An unused connection is closed after this; default 10000. */
  idle_timeout_ms?: number;
  /** Longest wait for a connection, new or from the pool; default 5000. */
  connect_timeout_ms?: number;
  /** Called with how long a caller waited for a connection that was not free at once. */
  onWait?: (seconds: number) => void;
  log: Log;
}
