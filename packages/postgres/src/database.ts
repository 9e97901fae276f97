import { backoffMs, pause } from '@souk/kernel';
import { asKnownError, isRepeatable } from './errors.ts';
import { type Statement, unframed } from './framed-query.ts';
import { createListener } from './listener.ts';
import type { Database, DatabaseOptions, Tx } from './queryable.ts';
import { createStatementNames } from './statement-names.ts';
import { createTaker } from './taker.ts';
import { runTransaction } from './transaction.ts';

const retriesMax = 3;
const retryFirstMs = 5;
const retryMostMs = 100;

/** Opens nothing yet: connections are made when they are needed and closed when they were idle for a while. */
export function openDatabase(options: DatabaseOptions): Database {
  const { log } = options;
  const nameOf = createStatementNames();
  const asStatement = (text: string, values?: readonly unknown[]): Statement => ({ text, name: nameOf(text), values });
  const listener = createListener(options.url, `${options.application_name} listener`, log);
  const taker = createTaker(options);

  const query = async <Row>(text: string, values?: readonly unknown[]): Promise<Row[]> => {
    try {
      return await taker.onConnection((connection) => connection.send<Row>(asStatement(text, values), unframed));
    } catch (error) {
      throw asKnownError(error);
    }
  };

  const transaction = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await taker.onConnection((connection) => runTransaction(connection, asStatement, work, log));
      } catch (error) {
        if (!isRepeatable(error) || attempt >= retriesMax) throw asKnownError(error);
        await pause(backoffMs(attempt, retryFirstMs, retryMostMs));
      }
    }
  };

  return {
    query,
    transaction,
    listen: (channel, heard) => listener.listen(channel, heard),
    pool: () => ({ total: taker.pool.totalCount, idle: taker.pool.idleCount, waiting: taker.pool.waitingCount }),
    ping: async () => {
      await query('select 1');
    },
    close: async () => {
      await Promise.all([listener.close(), taker.close()]);
    },
  };
}
