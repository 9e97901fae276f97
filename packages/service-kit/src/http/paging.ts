/** Lists: the members every list query has, and cursors that mean nothing to the client. */
import { refusal } from '@souk/contracts';

export interface Page<Cursor> {
  limit: number;
  skip: number;
  /** Where to go on, as it was given to `encodeCursor`; undefined on the first page. */
  after: Cursor | undefined;
}

const limitDefault = 20;

/**
 * The page a list query asks for. `isCursor` says whether what a cursor holds has the right shape; throws
 * `cursor_invalid`. With a cursor `skip` counts from there.
 */
export function page<Cursor = unknown>(
  query: { limit?: number | undefined; skip?: number | undefined; cursor?: string | undefined } | undefined,
  isCursor?: (value: unknown) => value is Cursor,
): Page<Cursor> {
  const after = query?.cursor === undefined ? undefined : decodeCursor(query.cursor, isCursor);
  return { limit: query?.limit ?? limitDefault, skip: query?.skip ?? 0, after };
}

/** An opaque cursor of any JSON value. */
export function encodeCursor(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** What a cursor holds; throws `cursor_invalid` for anything that was not made by `encodeCursor` in the expected shape. */
export function decodeCursor<Cursor = unknown>(text: string, isCursor?: (value: unknown) => value is Cursor): Cursor {
  const value = parsed(text);
  if (value === undefined || (isCursor && !isCursor(value)) || !isClean(value))
    throw refusal('cursor_invalid', undefined, { pointer: '/cursor' });
  return value as Cursor;
}

function parsed(text: string): unknown {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch (error) {
    throw refusal('cursor_invalid', undefined, { pointer: '/cursor' }, error);
  }
}

/** A forged cursor must not carry into SQL what a body could not: control characters. */
function isClean(value: unknown): boolean {
  // An escape is one only after an even number of backslashes: a text may hold a backslash and the letters after it.
  return !/(?<!\\)(?:\\\\)*\\u00/.test(JSON.stringify(value));
}
