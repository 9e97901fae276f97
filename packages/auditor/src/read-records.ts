/** Reads the record streams over HTTP, page by page, and merges sorted streams by key. */
import { type AuditPage, refusal } from '@souk/contracts';
import type { AuditRecord, RecordKind } from './audit-records.ts';

export interface RecordReader {
  /** All records of a kind in order of key. Rejects with `service_unavailable` when the service is away. */
  stream<F extends AuditRecord>(kind: RecordKind | 'messaging', service: string): AsyncGenerator<F>;
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

/** A reader of the audit routes, with 2,000 records a page and 30 s for each by default. Rejects with `service_unavailable`. */
export function createRecordReader(options: RecordReaderOptions): RecordReader {
  const page = async (service: string, kind: string, after: string | undefined, limit: number): Promise<AuditPage> => {
    const query = new URLSearchParams({ kind, limit: String(limit), ...(after === undefined ? {} : { after }) });
    try {
      const response = await fetch(`${options.urlOf(service)}/internal/audit/records?${query}`, {
        headers: { authorization: `Bearer ${options.tokenOf(service)}` },
        signal: AbortSignal.timeout(options.timeout_ms ?? timeoutDefaultMs),
      });
      if (!response.ok) throw new Error(`${service} answered ${response.status}`);
      return (await response.json()) as AuditPage;
    } catch (error) {
      throw refusal(
        'service_unavailable',
        `The audit records of ${service} cannot be read: ${(error as Error).message}`,
        { service },
        error,
      );
    }
  };

  return {
    async *stream<F extends AuditRecord>(kind: string, service: string) {
      let after: string | undefined;
      do {
        const { records, next } = await page(service, kind, after, options.page_size ?? pageSizeDefault);
        yield* records as unknown as F[];
        after = next ?? undefined;
      } while (after !== undefined);
    },
    async one<F extends AuditRecord>(kind: string, service: string, key: string) {
      const { records } = await page(service, kind, keyBefore(key), 1);
      const [record] = records as unknown as F[];
      return record?.key === key ? record : undefined;
    },
  };
}

/** The UUID just before this one, so that `after` it comes the one itself. */
function keyBefore(uuid: string): string {
  const hex = (BigInt(`0x${uuid.replaceAll('-', '')}`) - 1n).toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Walks several sorted streams together: for each key in any of them, what each has for it. */
export async function* mergeByKey(
  streams: readonly AsyncGenerator<AuditRecord>[],
): AsyncGenerator<{ key: string; records: (AuditRecord | undefined)[] }> {
  const heads = await Promise.all(streams.map(async (stream) => (await stream.next()).value as AuditRecord | undefined));
  for (;;) {
    const [key] = heads.flatMap((head) => (head ? [head.key] : [])).sort();
    if (key === undefined) return;
    const records = heads.map((head) => (head?.key === key ? head : undefined));
    yield { key, records };
    await Promise.all(
      records.map(async (record, index) => {
        if (record) heads[index] = (await streams[index]?.next())?.value as AuditRecord | undefined;
      }),
    );
  }
}
