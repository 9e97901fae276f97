import type pg from 'pg';
import { type Frame, type Statement, submitFramed } from './framed-query.ts';

/** One connection of the pool, for the time it is lent; knows whether it may go back. */
export interface Connection {
  send<Row>(statement: Statement, frame: Frame): Promise<Row[]>;
  /** A plain command such as ROLLBACK. */
  command(text: string): Promise<void>;
  /** How long it has been waited for the answer now due, in milliseconds; 0 when none is. */
  silentMs(): number;
  /** Closes it under whatever is going on. */
  abort(): void;
  /** Says that the state of the connection is in doubt, so that it is closed instead of kept. */
  distrust(): void;
  /** Back to the pool when it is idle and sound, else closed. Called once for each time it was lent. */
  release(): void;
}

export function createConnection(client: pg.PoolClient): Connection {
  let doubtful = false;
  let due = 0;
  let since_ms = 0;
  const heard = (): void => {
    due -= 1;
    since_ms = performance.now();
  };
  // Whoever waits for an answer gets the error too; without a listener it would end the process.
  client.on('error', () => {
    doubtful = true;
  });
  return {
    send: (statement, frame) => {
      if (due === 0) since_ms = performance.now();
      due += 1;
      return submitFramed(client, statement, frame, heard);
    },
    command: async (text) => {
      if (due === 0) since_ms = performance.now();
      due += 1;
      await client.query(text).finally(heard);
    },
    silentMs: () => (due === 0 ? 0 : performance.now() - since_ms),
    abort: () => {
      doubtful = true;
      client.connection.stream.destroy();
    },
    distrust: () => {
      doubtful = true;
    },
    release: () => {
      doubtful ||= client.getTransactionStatus() !== 'I';
      // Closing by force: a graceful end would wait for answers that may never come.
      if (doubtful) client.connection.stream.destroy();
      client.release(doubtful);
    },
  };
}
