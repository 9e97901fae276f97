/** One cached value with the times that decide what it is good for; and its form in the second tier. */
import { parseFrozen } from './json-value.ts';

export interface Entry {
  /** Deeply frozen; undefined for a miss that is remembered. */
  value: unknown;
  /** The value as JSON text, as it can be sent; `null` for a miss. */
  text: string;
  miss: boolean;
  tags: readonly string[];
  /** Epoch milliseconds. Fresh until `fresh_until`; from then until `stale_until` only served when the source fails. */
  stored_at: number;
  fresh_until: number;
  stale_until: number;
}

/** What guards an entry in the second tier: for each name it depends on, the mark that name had before the value was loaded. */
export type Marks = Readonly<Record<string, string>>;

interface Head {
  stored_at: number;
  fresh_until: number;
  stale_until: number;
  miss: boolean;
  tags: string[];
  marks: Record<string, string>;
}

/** A line of head and then the value's own text, so that the value is not escaped a second time. */
export function encodeEntry(entry: Entry, marks: Marks): string {
  const { stored_at, fresh_until, stale_until, miss } = entry;
  return `${JSON.stringify({ stored_at, fresh_until, stale_until, miss, tags: entry.tags, marks })}\n${entry.text}`;
}

/** The entry and its marks; undefined when the text is not one (cut off, or written by something else). */
export function decodeEntry(encoded: string): { entry: Entry; marks: Marks } | undefined {
  const line_end = encoded.indexOf('\n');
  if (line_end < 0) return undefined;
  const head = parsed(encoded.slice(0, line_end));
  if (!isHead(head)) return undefined;
  const text = encoded.slice(line_end + 1);
  const value = parsed(text);
  if (value === undefined) return undefined;
  const { marks, tags, stored_at, fresh_until, stale_until, miss } = head;
  return { entry: { value: miss ? undefined : value, text, miss, tags, stored_at, fresh_until, stale_until }, marks };
}

function parsed(text: string): unknown {
  try {
    return parseFrozen(text);
  } catch {
    // Undefined stands for "not JSON"; JSON itself has no undefined. The caller counts it as a damaged entry.
    return undefined;
  }
}

function isHead(head: unknown): head is Head {
  if (typeof head !== 'object' || head === null) return false;
  const { stored_at, fresh_until, stale_until, miss, tags, marks } = head as Partial<Record<keyof Head, unknown>>;
  const timed = [stored_at, fresh_until, stale_until].every((time) => typeof time === 'number');
  return timed && typeof miss === 'boolean' && Array.isArray(tags) && typeof marks === 'object' && marks !== null;
}
