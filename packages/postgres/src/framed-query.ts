/**
 * A statement that can carry BEGIN before it and COMMIT behind it in the same protocol segment, that is before one
 * Sync. PostgreSQL skips everything up to the Sync after an error, so a statement never runs outside its transaction
 * because BEGIN failed, and COMMIT never runs behind a failed statement. This leans on the inside of `pg` (the version
 * is pinned exactly): its pipeline mode admits subclasses of its own Query only.
 */
import type { Duplex } from 'node:stream';
import { AppError } from '@souk/kernel';
import pg from 'pg';

/** What of pg's connection is used here. */
interface Wire {
  readonly stream: Duplex;
  bind(target: { portal: string; statement: string }): void;
  execute(target: { portal: string }): void;
  sync(): void;
}

interface DriverResult {
  rows: unknown[];
  rowCount: number | null;
}

interface DriverQuery {
  readonly portal: string;
  submit(wire: Wire): Error | null;
  handleCommandComplete(message: { text: string }, wire: Wire): void;
  // biome-ignore lint/style/useNamingConvention: the driver's own name
  _getRows(wire: Wire): void;
}

type DriverQueryClass = new (
  config: { text: string; name?: string; values?: readonly unknown[]; queryMode: 'extended' },
  callback: (error: Error | null, result: DriverResult) => void,
) => DriverQuery;

export interface Statement {
  text: string;
  /** Absent: parsed anew each time. */
  name: string | undefined;
  values: readonly unknown[] | undefined;
}

export interface Frame {
  begin: boolean;
  commit: boolean;
}

export const unframed: Frame = { begin: false, commit: false };

const beginName = 'souk_begin';
const commitName = 'souk_commit';
const prepareTimeoutMs = 5_000;
const duplicateStatement = '42P05';

class FramedQuery extends (pg.Query as unknown as DriverQueryClass) {
  private readonly frame: Frame;
  private beginning: boolean;
  private answered = false;

  constructor(statement: Statement, frame: Frame, callback: (error: Error | null, result: DriverResult) => void) {
    const { text, name, values } = statement;
    super({ text, ...(name === undefined ? {} : { name }), ...(values === undefined ? {} : { values }), queryMode: 'extended' }, callback);
    this.frame = frame;
    this.beginning = frame.begin;
  }

  override submit(wire: Wire): Error | null {
    wire.stream.cork();
    try {
      if (this.frame.begin) run(wire, beginName);
      return super.submit(wire);
    } finally {
      wire.stream.uncork();
    }
  }

  override _getRows(wire: Wire): void {
    wire.execute({ portal: this.portal });
    if (this.frame.commit) run(wire, commitName);
    wire.sync();
  }

  override handleCommandComplete(message: { text: string }, wire: Wire): void {
    if (this.beginning) this.beginning = false;
    else if (!this.answered) {
      this.answered = true;
      super.handleCommandComplete(message, wire);
    }
  }
}

function run(wire: Wire, statement: string): void {
  wire.bind({ portal: '', statement });
  wire.execute({ portal: '' });
}

/** Makes BEGIN and COMMIT known to a new connection under the names that frames use; one round trip. */
export async function prepareFrames(client: pg.ClientBase): Promise<void> {
  const [begin, commit] = [
    { name: beginName, text: 'BEGIN', query_timeout: prepareTimeoutMs },
    { name: commitName, text: 'COMMIT', query_timeout: prepareTimeoutMs },
  ];
  try {
    await Promise.all([client.query(begin), client.query(commit)]);
  } catch (error) {
    if ((error as pg.DatabaseError).code !== duplicateStatement) throw error;
    const sentence =
      'Another client has prepared statements on this connection: a pooler in transaction mode stands before the database. Souk needs session mode (pool_mode = session).';
    throw new AppError('pooler_unsupported', sentence, {}, error);
  }
}

/** Calls `answered` and resolves or rejects with the answer. Sends at once, behind whatever is under way on the connection. */
export function submitFramed<Row>(client: pg.ClientBase, statement: Statement, frame: Frame, answered: () => void): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    let open = true;
    const query = new FramedQuery(statement, frame, (error, result) => {
      // A statement that could not even be written is reported at once, and once more when the server has caught up.
      if (!open) return;
      open = false;
      answered();
      if (error) reject(error);
      else resolve(result.rows as Row[]);
    });
    client.query(query as unknown as pg.Submittable);
  });
}
