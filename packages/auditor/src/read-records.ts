/** Reads the record streams over HTTP, page by page, and merges sorted streams by key. */
import { type AuditPage, refusal } from '@souk/contracts';
import type { AuditRecord, RecordKind } from './audit-records.ts';
import { createPageMemory, type PageMemory } from './page-memory.ts';

export interface RecordReader {
  /** All records of a kind in order of key, page by page; a page is read before the one after it is asked for. Rejects with `service_unavailable` when the service is away. */
  pages<F extends AuditRecord>(kind: RecordKind | 'messaging', service: string): AsyncGenerator<Iterable<F>>;
  /** The record with this key, if there is one. */
  one<F extends AuditRecord>(kind: RecordKind, service: string, key: string): Promise<F | undefined>;
}

export interface RecordReaderOptions {
  /** Address of a service, such as http://127.0.0.1:8003. */
  urlOf(service: string): string;
  /** Bearer token of the internal routes of a service. */
  tokenOf(service: string): string;
  page_size?: number;
  timeout_ms?: number;
}

const pageSizeDefault = 2_000;
const timeoutDefaultMs = 30_000;

/** A page whose records are read one by one, each when its turn comes: what lives for a moment costs the collector nothing. */
interface OpenPage {
  records: Iterable<AuditRecord>;
  next: string | null;
}

/** A reader of the audit routes, with 2,000 records a page and 30 s for each by default. Rejects with `service_unavailable`. */
export function createRecordReader(options: RecordReaderOptions): RecordReader {
  const page = async (
    { service, kind, after, limit }: { service: string; kind: string; after: string | undefined; limit: number },
    memory: PageMemory,
  ): Promise<OpenPage> => {
    const query = new URLSearchParams({ kind, limit: String(limit), ...(after === undefined ? {} : { after }) });
    try {
      const response = await fetch(`${options.urlOf(service)}/internal/audit/records?${query}`, {
        headers: { authorization: `Bearer ${options.tokenOf(service)}` },
        signal: AbortSignal.timeout(options.timeout_ms ?? timeoutDefaultMs),
      });
      if (!response.ok) throw new Error(await whyRefused(service, response));
      return openPage(service, await memory.fill(response.body));
    } catch (error) {
      throw unreadable(service, error);
    }
  };

  return {
    async *pages<F extends AuditRecord>(kind: string, service: string) {
      const memory = createPageMemory();
      const limit = options.page_size ?? pageSizeDefault;
      const read = (after: string | undefined) => page({ service, kind, after, limit }, memory);
      let pending: Promise<OpenPage> | undefined = read(undefined);
      while (pending !== undefined) {
        const { records, next }: OpenPage = await pending;
        // The services read the next page while this one is looked at.
        pending = next === null ? undefined : read(next);
        // A stream that is not read to its end leaves a page behind that fails unseen.
        pending?.catch(() => undefined);
        yield records as Iterable<F>;
      }
    },
    async one<F extends AuditRecord>(kind: string, service: string, key: string) {
      const { records } = await page({ service, kind, after: keyBefore(key), limit: 1 }, createPageMemory());
      for (const record of records as Iterable<F>) return record.key === key ? record : undefined;
      return undefined;
    },
  };
}

const recordsOpen = '"records":[\n';
const recordsClose = '\n]}';
const lineBreak = 0x0a;

/** Services write each record on a line of its own; a page that is written otherwise is read at once. */
function openPage(service: string, bytes: Buffer): OpenPage {
  const from = bytes.indexOf(recordsOpen);
  if (from < 0 || bytes.toString('utf8', bytes.length - recordsClose.length) !== recordsClose)
    return JSON.parse(bytes.toString()) as AuditPage & OpenPage;
  const { next } = JSON.parse(`${bytes.toString('utf8', 0, from)}"records":[]}`) as AuditPage;
  return { records: recordsOf(service, bytes, from + recordsOpen.length), next };
}

function* recordsOf(service: string, bytes: Buffer, from: number): Generator<AuditRecord> {
  const end = bytes.length - recordsClose.length;
  for (let at = from; at < end; ) {
    const line_end = bytes.indexOf(lineBreak, at);
    // A comma stands at the end of each line but the last.
    yield readLine(service, bytes.toString('utf8', at, line_end < end ? line_end - 1 : end));
    at = line_end + 1;
  }
}

function readLine(service: string, line: string): AuditRecord {
  try {
    return JSON.parse(line) as AuditRecord;
  } catch (error) {
    throw unreadable(service, error);
  }
}

function unreadable(service: string, error: unknown): Error {
  return refusal('service_unavailable', `The audit records of ${service} cannot be read: ${whyUnread(error)}`, { service }, error);
}

/** A refusal says why in its detail. */
async function whyRefused(service: string, response: Response): Promise<string> {
  const problem = (await response.json().catch(() => undefined)) as { detail?: unknown } | undefined;
  const answered = `${service} answered ${response.status}`;
  return typeof problem?.detail === 'string' ? `${answered} (${problem.detail})` : answered;
}

function whyUnread(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return 'it did not answer in time';
  return cause instanceof Error && 'syscall' in cause ? 'it takes no connection' : message;
}

/** The UUID just before this one, so that `after` it comes the one itself. */
function keyBefore(uuid: string): string {
  const hex = (BigInt(`0x${uuid.replaceAll('-', '')}`) - 1n).toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

interface Cursor {
  pages: AsyncGenerator<Iterable<AuditRecord>>;
  records: Iterator<AuditRecord>;
  head: AuditRecord | undefined;
}

/** Walks several sorted streams together, page by page: `visit` is called for each key in any of them with what each has for it. */
export async function mergeByKey(
  streams: readonly AsyncGenerator<Iterable<AuditRecord>>[],
  visit: (key: string, records: readonly (AuditRecord | undefined)[]) => void,
): Promise<void> {
  const cursors = await Promise.all(streams.map(firstOf));
  for (;;) {
    let key: string | undefined;
    for (const { head } of cursors) if (head !== undefined && (key === undefined || head.key < key)) key = head.key;
    if (key === undefined) return;
    visit(
      key,
      cursors.map(({ head }) => (head?.key === key ? head : undefined)),
    );
    for (const cursor of cursors) if (cursor.head?.key === key && !step(cursor)) await turnPage(cursor);
  }
}

async function firstOf(pages: AsyncGenerator<Iterable<AuditRecord>>): Promise<Cursor> {
  const cursor: Cursor = { pages, records: [][Symbol.iterator](), head: undefined };
  await turnPage(cursor);
  return cursor;
}

/** Goes on within the page; false at its end. */
function step(cursor: Cursor): boolean {
  const { done, value } = cursor.records.next() as IteratorResult<AuditRecord, undefined>;
  cursor.head = value;
  return done !== true;
}

/** Goes on with the next page that has records; without one the stream has ended. */
async function turnPage(cursor: Cursor): Promise<void> {
  do {
    const { done, value } = await cursor.pages.next();
    if (done === true) return;
    cursor.records = value[Symbol.iterator]();
  } while (!step(cursor));
}
