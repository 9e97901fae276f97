/**
 * Whether an answer is coded on its way to the client, and what its header fields say then. Small answers leave as they came: their
 * coding would cost the gateway as much as they do. So tokens and keys, whose answers are small, are never coded beside what a stranger
 * may choose (BREACH); answers about signing in are not at any size.
 */
import type { IncomingMessage } from 'node:http';
import { namesTag } from '@souk/service-kit';
import { type Fields, fieldOf } from '../domain/answer-fields.ts';
import { type BodyCoding, codingsOf, fastestFirst, tagOf } from '../domain/encoding.ts';
import type { RouteEntry } from '../route-table.ts';

/** Who asked for what. */
export interface Asked {
  readonly request: IncomingMessage;
  readonly entry: RouteEntry | undefined;
}

export interface AnswerCoding {
  fields: Fields;
  /** Undefined where the body stays as it is. */
  coding: BodyCoding | undefined;
}

/** Answers of so many bytes are not coded. */
const leastBytes = 32_768;
const firstRefusal = 300;
/** Texts that are whole at some time; a stream of events would wait in the coder, and pictures are small already. */
const codedTypes = /^(?:text\/(?!event-stream)[\w.+-]+|application\/(?:json|x-ndjson|[\w.-]+\+json))\s*(?:;|$)/i;
/** What may be long where no length is announced; services announce that of everything else. */
const openEnded = /^(?:application\/x-ndjson|text\/csv)\s*(?:;|$)/i;
/** Fields that say something about the bytes as they are, which would not be true any more. */
const aboutBytes: readonly string[] = ['content-encoding', 'content-range', 'content-digest', 'repr-digest', 'digest', 'content-md5'];
const notCoded: ReadonlySet<string> = new Set(['content-length', 'accept-ranges', 'etag', 'vary']);

/** Undefined where nothing changes. */
export function codingOf(asked: Asked, status: number, fields: Fields): AnswerCoding | undefined {
  if (status === 304) return unchanged(asked, fields);
  if (!pays(asked, status, fields)) return undefined;
  const [coding] = takenBy(asked.request);
  return { coding, fields: coding === undefined ? withVary(fields) : codedFields(fields, coding) };
}

function pays({ entry }: Asked, status: number, fields: Fields): boolean {
  const length = fieldOf(fields, 'content-length');
  if (length !== undefined && Number(length) <= leastBytes) return false;
  if (status === 204 || status >= firstRefusal || entry?.limit === 'auth') return false;
  if (!(length === undefined ? openEnded : codedTypes).test(fieldOf(fields, 'content-type') ?? '')) return false;
  if (fieldOf(fields, 'cache-control')?.includes('no-transform')) return false;
  return !aboutBytes.some((name) => fieldOf(fields, name) !== undefined);
}

/** To HTTP/1.0 the end of the connection is the end of an answer without a length: what is cut off would look whole. */
function takenBy({ headers, httpVersionMinor }: IncomingMessage): readonly BodyCoding[] {
  if (httpVersionMinor === 0 || headers['cache-control']?.includes('no-transform')) return [];
  return codingsOf(headers['accept-encoding'], fastestFirst);
}

function codedFields(fields: Fields, coding: BodyCoding): Fields {
  const list = ['content-encoding', coding];
  for (let at = 0; at < fields.length; at += 2)
    if (!notCoded.has(fields[at] as string)) list.push(fields[at] as string, fields[at + 1] as string);
  const tag = fieldOf(fields, 'etag');
  if (tag !== undefined) list.push('etag', tagOf(tag, coding));
  list.push('vary', varyOf(fields));
  return list;
}

/** The answer as it is, which may come in another form to another client. */
export function withVary(fields: Fields): Fields {
  const list: string[] = [];
  for (let at = 0; at < fields.length; at += 2) if (fields[at] !== 'vary') list.push(fields[at] as string, fields[at + 1] as string);
  list.push('vary', varyOf(fields));
  return list;
}

function varyOf(fields: Fields): string {
  const known = fieldOf(fields, 'vary');
  if (known === undefined) return 'Accept-Encoding';
  return /\*|accept-encoding/i.test(known) ? known : `${known}, Accept-Encoding`;
}

/** The client has this answer in a coded form: its tag is that of the form. */
function unchanged({ request }: Asked, fields: Fields): AnswerCoding | undefined {
  const { 'if-none-match': known, 'accept-encoding': accept } = request.headers;
  const tag = fieldOf(fields, 'etag');
  if (known === undefined || tag === undefined) return undefined;
  const coding = codingsOf(accept, fastestFirst).find((one) => namesTag(known, tagOf(tag, one)) && known.trim() !== '*');
  if (coding === undefined) return undefined;
  const list = withVary(fields).map((value, at, all) => (at % 2 === 1 && all[at - 1] === 'etag' ? tagOf(tag, coding) : value));
  return { coding: undefined, fields: list };
}
