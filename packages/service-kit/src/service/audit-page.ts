/** Streams of audit records, page by page in ascending order of their keys. */
import { refusal } from '@souk/contracts';
import { isUuid } from '@souk/kernel';

export interface RecordsPage {
  records: { key: string; [member: string]: unknown }[];
  /** The key after which the next page begins; null when this was the last. */
  next: string | null;
}

/** A stream of audit records: what comes after key `after`, at most `limit`. */
export type RecordsReader<C> = (context: C, after: string | undefined, limit: number) => Promise<RecordsPage>;

/** The page of what was read with this limit: a full one may have a next. */
export function recordsPage(records: readonly (object & { key: string })[], limit: number): RecordsPage {
  return { records: records as RecordsPage['records'], next: records.length === limit ? (records.at(-1)?.key ?? null) : null };
}

/** The key of a stream whose keys are ids. Throws `validation_failed` when it is none. */
export function idKey(after: string | undefined): string | undefined {
  if (after !== undefined && !isUuid(after)) throw refusal('validation_failed', 'The key after which to go on is not an id.');
  return after;
}
