/** The form in which an answer of the catalogue is kept, and how it is sent: plain, or in a coding that was prepared meanwhile. */
import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib';
import { namesTag } from '@souk/service-kit';
import { fieldOf } from '../domain/answer-fields.ts';
import { type BodyCoding, type Coding, codingsOf, tagOf, withoutCoding } from '../domain/encoding.ts';
import type { PlainAnswer } from '../domain/upstream.ts';
import type { KeptAnswer } from '../workers/answer-memory.ts';
import type { Exchange } from './exchange.ts';

const bodyMax = 1_048_576;
/** Bodies up to this many bytes leave together with the head. */
const textMax = 16_384;
const codedMin = 1_024;
/** An answer that is read again is worth the work of coding it. */
const codedFromHit = 2;
const cacheControl = 'public, max-age=1, stale-while-revalidate=5, stale-if-error=300';
const notKept: ReadonlySet<string> = new Set(['content-length', 'content-encoding', 'etag', 'cache-control', 'age', 'vary', 'date']);
const wasRead = { was_read: true } as const;
const gzipped = promisify(gzip);
const brotli = promisify(brotliCompress);
const zstandard = promisify(zstdCompress);
const coders: Readonly<Record<BodyCoding, (body: Buffer) => Promise<Buffer>>> = {
  gzip: (body) => gzipped(body, { level: 6 }),
  br: (body) => brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  zstd: (body) => zstandard(body),
};

/** Null for what is not kept: refusals, answers with cookies, and large ones. */
export function keptOf({ status, fields, body }: PlainAnswer, asked_at: number): KeptAnswer | null {
  const control = fieldOf(fields, 'cache-control') ?? '';
  if (status !== 200 || body.length > bodyMax || fieldOf(fields, 'set-cookie') !== undefined || /private|no-store/.test(control))
    return null;
  const kept = ['cache-control', cacheControl, 'vary', 'Accept-Encoding'];
  for (let at = 0; at < fields.length; at += 2)
    if (!notKept.has(fields[at] as string)) kept.push(fields[at] as string, fields[at + 1] as string);
  const etag = fieldOf(fields, 'etag') ?? `"${hash('sha256', body, 'base64url').slice(0, 22)}"`;
  return {
    fields: kept,
    etag,
    body,
    text: body.length <= textMax ? body.toString('latin1') : undefined,
    asked_at,
    coded: new Map(),
    coding: new Set(),
    hits: 0,
  };
}

/** Sends it, or 304 when the client has it. `away`: its service does not answer (RFC 9211 has the words for it). */
export function sendKept(exchange: Exchange, answer: KeptAnswer, { away = false } = {}): void {
  const { request, response } = exchange;
  const { headers, method } = request;
  const age = Math.max(0, Math.floor((performance.now() - answer.asked_at) / 1_000));
  answer.hits += 1;
  const coding = codingFor(answer, headers['accept-encoding']);
  const fields = ['age', String(age), 'etag', tagOf(answer.etag, coding)];
  if (away) fields.push('cache-status', `souk; hit; ttl=${1 - age}; detail=service-away`);
  const known = headers['if-none-match'];
  if (known !== undefined && namesTag(withoutCoding(known), answer.etag)) {
    for (let at = 0; at < answer.fields.length; at += 2) {
      const name = answer.fields[at] as string;
      if (name !== 'content-type') fields.push(name, answer.fields[at + 1] as string);
    }
    exchange.writeHead(304, fields, wasRead);
    response.end();
    return;
  }
  const body = coding === 'identity' ? answer.body : (answer.coded.get(coding) as Buffer);
  for (const field of answer.fields) fields.push(field);
  if (coding !== 'identity') fields.push('content-encoding', coding);
  fields.push('content-length', String(body.length));
  exchange.answered_bytes = body.length;
  exchange.writeHead(200, fields, wasRead);
  if (method === 'HEAD') response.end();
  else if (coding === 'identity' && answer.text !== undefined) exchange.finishWith(answer.text);
  else response.end(body);
}

/** The best coding that is there already; one that is wanted and missing is made for the next client, off the way of this one. */
function codingFor(answer: KeptAnswer, accept: string | undefined): Coding {
  if (answer.body.length < codedMin || accept === undefined) return 'identity';
  const [best, ...others] = codingsOf(accept);
  if (best === undefined) return 'identity';
  if (answer.coded.has(best)) return best;
  if (answer.hits >= codedFromHit && !answer.coding.has(best)) {
    answer.coding.add(best);
    coders[best](answer.body).then(
      (body) => answer.coded.set(best, body),
      // Without that coding the answer is sent as it is.
      () => undefined,
    );
  }
  return others.find((one) => answer.coded.has(one)) ?? 'identity';
}
