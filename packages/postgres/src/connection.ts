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
  /** The state of the connection is unknown: it is closed instead of kept. */
  discard(): void;
  /** Back to the pool when it is idle and sound, else closed. Called once for each time it was lent. */
  release(): void;
}

export function createConnection(client: pg.PoolClient): Connection {
  let discarded = false;
  let due = 0;
  let since_ms = 0;
  const answered = (): void => {
    due -= 1;
    since_ms = performance.now();
  };
  // The caller that waits for an answer gets the error too; without a listener it would end the process.
  client.on('error', () => {
    discarded = true;
  });
  return {
    send: (statement, frame) => {
      if (due === 0) since_ms = performance.now();
      due += 1;
      return submitFramed(client, statement, frame, answered);
    },
    command: async (text) => {
      if (due === 0) since_ms = performance.now();
      due += 1;
      await client.query(text).finally(answered);
    },
    silentMs: () => (due === 0 ? 0 : performance.now() - since_ms),
    abort: () => {
      discarded = true;
      client.connection.stream.destroy();
    },
    discard: () => {
      discarded = true;
    },
    release: () => {
      discarded ||= client.getTransactionStatus() !== 'I';
      // Closing by force: a graceful end would wait for answers that may never come.
      if (discarded) client.connection.stream.destroy();
      client.release(discarded);
    },
  };
}
