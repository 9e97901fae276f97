import { AssertionFailed, assert, type Log } from '@souk/kernel';
import type { Connection } from './connection.ts';
import { sqlState } from './errors.ts';
import { type Frame, type Statement, unframed } from './framed-query.ts';
import type { Tx } from './queryable.ts';

interface Progress {
  /** Nothing sent yet; a transaction open on the server; the last statement sent; committed; or abandoned. */
  state: 'unsent' | 'open' | 'finishing' | 'committed' | 'over';
  /** The answer to the statement that carried BEGIN, until it is there. */
  opening: Promise<unknown> | undefined;
  /** The first refusal: PostgreSQL commits nothing after it. */
  failure: unknown;
  onCommit: (() => void)[];
}

/**
 * Runs `work` once as one transaction on one connection. BEGIN travels with the first statement. The connection is
 * rolled back or, in doubt, closed; it is never exchanged for another while the work goes on.
 */
export async function runTransaction<T>(
  connection: Connection,
  asStatement: (text: string, values?: readonly unknown[]) => Statement,
  work: (tx: Tx) => Promise<T>,
  log: Log,
): Promise<T> {
  const progress: Progress = { state: 'unsent', opening: undefined, failure: undefined, onCommit: [] };
  try {
    const answer = await work(createTx(connection, asStatement, progress, log));
    if (progress.state === 'finishing') throw progress.failure ?? new AssertionFailed('finish() is awaited');
    if (progress.state === 'open') await commit(connection, progress, log);
    return answer;
  } catch (error) {
    await undo(connection, progress, log);
    throw isSecondaryError(error) ? (progress.failure ?? error) : error;
  } finally {
    if (progress.state !== 'committed') progress.state = 'over';
  }
}

/**
 * Statements that were sent together fail together. Which failure the work receives first is chance; the one that says
 * why is the first that PostgreSQL refused, the others only say that it is too late.
 */
function isSecondaryError(error: unknown): boolean {
  return sqlState(error) === '25P02';
}

function createTx(
  connection: Connection,
  asStatement: (text: string, values?: readonly unknown[]) => Statement,
  progress: Progress,
  log: Log,
): Tx {
  const send = async <Row>(text: string, values: readonly unknown[] | undefined, frame: Frame): Promise<Row[]> => {
    // Nothing is sent behind a BEGIN that may yet fail: it would run, and be committed, on its own.
    if (progress.opening !== undefined) await progress.opening;
    assert(progress.state === 'open' || progress.state === 'finishing', 'every statement of a transaction is awaited');
    const answer = connection.send<Row>(asStatement(text, values), frame);
    if (frame.begin) progress.opening = answer;
    try {
      return await answer;
    } catch (error) {
      progress.failure ??= error;
      throw error;
    } finally {
      if (frame.begin) progress.opening = undefined;
    }
  };
  return {
    query: (text, values) => {
      assert(progress.state === 'unsent' || progress.state === 'open', 'a transaction takes no statement after its end');
      const begin = progress.state === 'unsent';
      progress.state = 'open';
      return send(text, values, { begin, commit: false });
    },
    finish: async <Row>(text: string, values?: readonly unknown[]) => {
      assert(progress.state === 'unsent' || progress.state === 'open', 'a transaction is finished once');
      // A lone statement is a transaction of its own: it needs neither BEGIN nor COMMIT.
      const frame = progress.state === 'unsent' ? unframed : { begin: false, commit: true };
      progress.state = 'finishing';
      const rows = await send<Row>(text, values, frame);
      committed(progress, log);
      return rows;
    },
    onCommit: (task) => {
      if (progress.state === 'committed') runTasks([task], log);
      else progress.onCommit.push(task);
    },
  };
}

async function commit(connection: Connection, progress: Progress, log: Log): Promise<void> {
  if (progress.opening !== undefined) await progress.opening;
  progress.state = 'finishing';
  await connection.command('COMMIT');
  // COMMIT of a transaction with a failed statement answers ROLLBACK, without an error.
  if (progress.failure !== undefined) throw progress.failure;
  committed(progress, log);
}

function committed(progress: Progress, log: Log): void {
  progress.state = 'committed';
  runTasks(progress.onCommit, log);
}

/** What is committed stays so, whatever a task does; its error is logged, not thrown. */
function runTasks(tasks: readonly (() => void)[], log: Log): void {
  for (const task of tasks) {
    try {
      task();
    } catch (error) {
      log.error({ err: error }, 'a task to run after a commit failed');
    }
  }
}

async function undo(connection: Connection, progress: Progress, log: Log): Promise<void> {
  if (progress.state === 'unsent' || progress.state === 'committed') return;
  try {
    await connection.command('ROLLBACK');
  } catch (error) {
    connection.discard();
    log.debug({ err: error }, 'a rollback could not be sent; the connection is closed');
  }
}
