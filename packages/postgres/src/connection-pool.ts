import { AppError, doneWithin } from '@souk/kernel';
import pg from 'pg';
import { columnTypes } from './column-types.ts';
import { type Connection, createConnection } from './connection.ts';
import { endsConnection, isStaleStatement } from './errors.ts';
import { prepareFrames } from './framed-query.ts';
import type { DatabaseOptions } from './queryable.ts';
import { prepareSession } from './session.ts';

const waitingMax = 2_000;
const idleInTransactionMs = 30_000;
const closeTimeoutMs = 5_000;
const silenceMinMs = 500;

const statementTimeoutMs = (options: DatabaseOptions): number => options.statement_timeout_ms ?? 15_000;

/** Lends connections of a pool, and closes them all in the end. */
export interface ConnectionPool {
  pool: pg.Pool;
  /** Takes a connection, does the work, gives it back; again on others while a prepared statement proves stale. */
  onConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export function createConnectionPool(options: DatabaseOptions): ConnectionPool {
  const { pool_max, waiting_max = waitingMax, onWait } = options;
  const pool = createPool(options);
  const connections = new WeakMap<pg.PoolClient, Connection>();
  const lent = new Set<Connection>();
  const allClosed = closingOf(pool);
  let closed: Promise<void> | undefined;

  // A server that is there answers by its own limit; after twice that time the network is dead. All connections are
  // looked at together: a timer for each statement would cost a quarter of its CPU time.
  const silenceMaxMs = Math.max(silenceMinMs, 2 * statementTimeoutMs(options));
  const abortSilent = (): void => {
    for (const connection of lent) if (connection.silentMs() > silenceMaxMs) connection.abort();
  };
  const watch = setInterval(abortSilent, silenceMaxMs / 4).unref();

  const take = async (): Promise<Connection> => {
    if (pool.waitingCount >= waiting_max) throw new AppError('overloaded', 'Too many callers wait for the database.');
    const waits_since = onWait === undefined || pool.idleCount > 0 ? undefined : performance.now();
    const client = await pool.connect();
    if (waits_since !== undefined) onWait?.((performance.now() - waits_since) / 1_000);
    const connection = connections.get(client) ?? createConnection(client);
    connections.set(client, connection);
    lent.add(connection);
    return connection;
  };

  const close = async (): Promise<void> => {
    clearInterval(watch);
    const ending = pool.end().then(allClosed);
    if (await doneWithin(ending, closeTimeoutMs)) return;
    for (const connection of lent) connection.abort();
    await ending;
  };

  return {
    pool,
    onConnection: async (work) => {
      // Each connection of the pool may hold the stale statement, so each may have to be discarded once.
      for (let attempts_left = pool_max; ; attempts_left -= 1) {
        const connection = await take();
        try {
          return await work(connection);
        } catch (error) {
          if (endsConnection(error)) connection.discard();
          if (!isStaleStatement(error)) throw error;
          connection.discard();
          if (attempts_left === 0) throw error;
        } finally {
          lent.delete(connection);
          connection.release();
        }
      }
    },
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

/** A wait for the end of all connections: the pool's own `end` only waits until it has asked for it. */
function closingOf(pool: pg.Pool): () => Promise<void> {
  const open = new Set<pg.PoolClient>();
  let emptied = (): void => {};
  pool.on('connect', (client) => open.add(client));
  pool.on('remove', (client) => {
    open.delete(client);
    if (open.size === 0) emptied();
  });
  return () =>
    new Promise((resolve) => {
      emptied = resolve;
      if (open.size === 0) resolve();
    });
}

function createPool(options: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.application_name,
    max: options.pool_max,
    pipeline: true,
    keepAlive: true,
    types: columnTypes,
    idleTimeoutMillis: options.idle_timeout_ms ?? 10_000,
    connectionTimeoutMillis: options.connect_timeout_ms ?? 5_000,
    onConnect: async (client) => {
      const limits = { statement_timeout_ms: statementTimeoutMs(options), idle_in_transaction_ms: idleInTransactionMs };
      await Promise.all([prepareSession(client, limits), prepareFrames(client)]);
    },
  });
  // A server that closes an idle connection fails no request; the pool drops the connection by itself.
  pool.on('error', (error) => options.log.info({ err: error }, 'an idle database connection was closed by the server'));
  return pool;
}
