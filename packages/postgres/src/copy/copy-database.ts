/** Copies one database into another at once: every row, of whatever table, and where its sequences stand. */
import { pipeline } from 'node:stream/promises';
import { assert } from '@souk/kernel';
import { inspectTarget, openLoad } from './load.ts';
import { type AppliedMigration, openSnapshot } from './snapshot.ts';

export interface CopyDatabaseOptions {
  from_url: string;
  /** Of an empty database, for the role that owns what is in it. */
  to_url: string;
  /** Brings the empty database to exactly these migrations. */
  migrate(migrations: AppliedMigration[]): Promise<void>;
  signal: AbortSignal;
  progress(sentence: string): void;
}

/**
 * Copies in one transaction and gives the number of rows; a database without tables is left empty. The two may be of different
 * major versions of PostgreSQL. Errors: `database_unavailable`, `database_foreign`, those of `migrate`, and the reason of `signal`.
 */
export async function copyDatabase({ from_url, to_url, migrate, signal, progress }: CopyDatabaseOptions): Promise<number> {
  if ((await inspectTarget(from_url)).tables.length === 0) return 0;
  const snapshot = await openSnapshot(from_url, { notes: true });
  try {
    await migrate(snapshot.migrations);
    const load = await openLoad(to_url, snapshot.tables);
    try {
      const copies = [];
      for (const table of snapshot.tables) {
        progress(table.name);
        const [source, target] = [snapshot.read(table), load.write(table)];
        await pipeline(source, target, { signal });
        copies.push({ table, source, target });
      }
      for (const sequence of await snapshot.sequences()) await load.setSequence(sequence);
      // Both servers have counted by now: the source says its number behind its last row.
      for (const { table, source, target } of copies)
        assert(source.rowCount === target.rowCount, `${table.name}: ${source.rowCount} rows were read, ${target.rowCount} written`);
      await load.commit();
      return copies.reduce((sum, { target }) => sum + target.rowCount, 0);
    } finally {
      await load.close();
    }
  } catch (error) {
    // An ended copy fails in words of its own.
    signal.throwIfAborted();
    throw error;
  } finally {
    await snapshot.close();
  }
}
