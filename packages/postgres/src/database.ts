import { retry } from '@souk/kernel';
import { createConnectionPool } from './connection-pool.ts';
import { asKnownError, isRepeatable } from './errors.ts';
import { type Statement, unframed } from './framed-query.ts';
import { createListener } from './listener.ts';
import type { Database, DatabaseOptions, Tx } from './queryable.ts';
import { createStatementNames } from './statement-names.ts';
import { runTransaction } from './transaction.ts';

/** Of a transaction that met another one. */
const repeats = { first_ms: 5, most_ms: 100, attempts_max: 4, isPassing: isRepeatable };

/** Opens nothing yet: connections are made when they are needed and closed when they were idle for a while. */
export function openDatabase(options: DatabaseOptions): Database {
  const { log } = options;
  const nameOf = createStatementNames();
  const asStatement = (text: string, values?: readonly unknown[]): Statement => ({ text, name: nameOf(text), values });
  const listener = createListener(options.url, `${options.application_name} listener`, log);
  const connections = createConnectionPool(options);

  const query = async <Row>(text: string, values?: readonly unknown[]): Promise<Row[]> => {
    try {
      return await connections.onConnection((connection) => connection.send<Row>(asStatement(text, values), unframed));
    } catch (error) {
      throw asKnownError(error);
    }
  };

  const transaction = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    try {
      return await retry(() => connections.onConnection((connection) => runTransaction(connection, asStatement, work, log)), repeats);
    } catch (error) {
      throw asKnownError(error);
    }
  };

  return {
    query,
    transaction,
    listen: (channel, onNotification) => listener.listen(channel, onNotification),
    pool: () => ({ total: connections.pool.totalCount, idle: connections.pool.idleCount, waiting: connections.pool.waitingCount }),
    ping: async () => {
      await query('select 1');
    },
    close: async () => {
      await Promise.all([listener.close(), connections.close()]);
    },
  };
}
