/** Streams of audit records, page by page in ascending order of their keys. */
import { refusal } from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import { sqlState } from '@souk/postgres';

export interface RecordsPage {
  /** Each record as JSON text, without a line break in it. */
  lines: readonly string[];
  /** The key after which the next page begins; null when this was the last. */
  next: string | null;
}

/** A stream of audit records: what comes after key `after`, at most `limit`. */
export type RecordsReader<C> = (context: C, after: string | undefined, limit: number) => Promise<RecordsPage>;

/** The page of what was read with this limit: a full one may have a next. `asLine` writes a record as JSON text. */
export function recordsPage<R extends object & { key: string }>(
  records: readonly R[],
  limit: number,
  asLine: (record: R) => string = (record) => JSON.stringify(record),
): RecordsPage {
  return { lines: records.map(asLine), next: records.length === limit ? (records.at(-1)?.key ?? null) : null };
}

/** A record as JSON text: its members, and lists whose items PostgreSQL has written as JSON text already. Null: an empty list. */
export function recordLine<M extends object & { key: string }>(members: M, lists: Readonly<Record<string, string | null>>): string {
  let text = JSON.stringify(members).slice(0, -1);
  for (const name in lists) text += `,"${name}":[${lists[name] ?? ''}]`;
  return `${text}}`;
}

/**
 * The page as JSON text with each record on a line of its own. No JSON text has a line break inside, so that a reader may take a page
 * apart line by line and read each record when its turn comes: most of what a large page costs is memory that outlives a collection.
 */
export function pageText(service: string, now: string, { lines, next }: RecordsPage): string {
  const head = JSON.stringify({ service, now, next });
  return `${head.slice(0, -1)},"records":[\n${lines.join(',\n')}\n]}`;
}

/** The key of a stream whose keys are ids. Throws `validation_failed` when it is none. */
export function idKey(after: string | undefined): string | undefined {
  if (after !== undefined && !isUuid(after)) throw refusal('validation_failed', 'The key after which to go on is not an id.');
  return after;
}

/** undefined_table, undefined_column, invalid_schema_name. */
const missingStates: ReadonlySet<string> = new Set(['42P01', '42703', '3F000']);
/** Refused before a statement was read: no such database or role, a wrong password, or a database that takes no connections. */
const refusedStates = /^(28|3D|55000)/;

/** Reads records; a database that refuses, or lacks what they are read from, is said to be so, and is no fault without a word. */
export async function readable<T>(service: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const state = sqlState(error) ?? '';
    if (!missingStates.has(state) && !refusedStates.test(state)) throw error;
    const detail = missingStates.has(state)
      ? `The database of ${service} lacks a table or a column that this version reads: it is empty or half migrated. A start of ${service} runs its migrations.`
      : `The database of ${service} refuses connections.`;
    throw refusal('database_unavailable', detail, {}, error);
  }
}
