/** The form in which an answer of the catalogue is kept, and how it is sent: plain, or in a coding that was prepared meanwhile. */
import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib';
import { namesTag } from '@souk/service-kit';
import { type Fields, fieldOf } from '../domain/answer-fields.ts';
import { type BodyCoding, type Coding, codingsOf, tagOf } from '../domain/encoding.ts';
import type { PlainAnswer } from '../domain/upstream.ts';
import type { CodedForm, KeptAnswer, SharedFields } from '../workers/answer-memory.ts';
import type { Exchange } from './exchange.ts';

const bodyMax = 1_048_576;
/** Bodies up to this many bytes leave together with the head. */
const textMax = 16_384;
const codedMin = 1_024;
/** An answer that is read again is worth the work of coding it. */
const codedFromHit = 2;
const cacheControl = 'public, max-age=1, stale-while-revalidate=5, stale-if-error=300';
const notKept: ReadonlySet<string> = new Set(['content-length', 'content-encoding', 'etag', 'cache-control', 'age', 'vary', 'date']);
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
    plain: { body, shared: shared([...kept, 'etag', etag, 'content-length', String(body.length)]) },
    unchanged: shared(kept.filter((_, at) => kept[at - (at % 2)] !== 'content-type')),
    text: body.length <= textMax ? body.toString('latin1') : undefined,
    asked_at,
    coded: new Map(),
    coding: new Set(),
    hits: 0,
  };
}

function shared(fields: Fields): SharedFields {
  return { fields, text: undefined };
}

/** Sends it, or 304 when the client has it. `away`: its service does not answer (RFC 9211 has the words for it). */
export function sendKept(exchange: Exchange, answer: KeptAnswer, { away = false } = {}): void {
  const { request, response } = exchange;
  const { headers, method } = request;
  const age = Math.max(0, Math.floor((performance.now() - answer.asked_at) / 1_000));
  answer.hits += 1;
  const coding = codingFor(answer, headers['accept-encoding']);
  const own = ['age', String(age)];
  if (away) own.push('cache-status', `souk; hit; ttl=${1 - age}; detail=service-away`);
  const known = headers['if-none-match'];
  const held =
    known === undefined ? undefined : heldTag(known, answer.etag, [coding, 'identity', ...codingsOf(headers['accept-encoding'])]);
  if (held !== undefined) {
    own.push('etag', held);
    exchange.writeSharedHead(304, answer.unchanged, own);
    response.end();
    return;
  }
  const { body, shared: of_all } = coding === 'identity' ? answer.plain : (answer.coded.get(coding) as CodedForm);
  exchange.answered_bytes = body.length;
  exchange.writeSharedHead(200, of_all, own);
  if (method === 'HEAD') response.end();
  else if (coding === 'identity' && answer.text !== undefined) exchange.finishWith(answer.text);
  else response.end(body);
}

/**
 * The tag of the form that the client has, of those that it takes: its cache renews what has that tag. So the tag of 304 is not that of
 * another form, which became ready meanwhile.
 */
function heldTag(known: string, tag: string, codings: readonly Coding[]): string | undefined {
  return codings.map((coding) => tagOf(tag, coding)).find((one) => namesTag(known, one));
}

/** The best coding that is there already; one that is wanted and missing is made for the next client, off the way of this one. */
function codingFor(answer: KeptAnswer, accept: string | undefined): Coding {
  const { body } = answer.plain;
  if (body.length < codedMin || accept === undefined) return 'identity';
  const [best, ...others] = codingsOf(accept);
  if (best === undefined) return 'identity';
  if (answer.coded.has(best)) return best;
  if (answer.hits >= codedFromHit && !answer.coding.has(best)) {
    answer.coding.add(best);
    coders[best](body).then(
      (coded) => answer.coded.set(best, codedForm(answer, best, coded)),
      // Without that coding the answer is sent as it is.
      () => undefined,
    );
  }
  return others.find((one) => answer.coded.has(one)) ?? 'identity';
}

function codedForm({ fields, etag }: KeptAnswer, coding: BodyCoding, body: Buffer): CodedForm {
  const own = ['etag', tagOf(etag, coding), 'content-encoding', coding, 'content-length', String(body.length)];
  return { body, shared: shared([...fields, ...own]) };
}
