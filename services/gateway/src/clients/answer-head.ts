/**
 * The head of a service's answer, read strictly (RFC 9112): a head that could be understood in two ways is refused, because a reader
 * that takes it the other way would read part of a body as the next answer. Names and values are as they will be passed on.
 */
import { notReturned } from '../domain/returned-headers.ts';

export interface AnswerHead {
  status: number;
  /** Names in lower case and values, by turns, without what is for this connection only or set by the gateway itself. */
  fields: string[];
  /** Bytes of the body; a body of unknown length comes in chunks or ends with the connection. */
  length: number | 'chunked' | 'until_closed';
  /** The connection can be used again. */
  keeps: boolean;
}

/** The answer cannot be understood; what was sent may have been acted upon. */
export class AnswerMalformed extends Error {
  readonly code = 'ANSWER_MALFORMED';
}

type Kind = 'passed' | 'dropped' | 'content-length' | 'transfer-encoding' | 'connection';

interface FieldName {
  name: string;
  kind: Kind;
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Control characters, and ends of lines that only one of two readers sees. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what they are looked for
const misleading = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|[^\r]\n|\r[^\n]/;
const decimal = /^\d{1,15}$/;
const namesMax = 500;

export type HeadReader = (text: string, method: string) => AnswerHead;

/** Reads heads and remembers the names of fields it has seen, which are few. `text` ends before the empty line. Throws `AnswerMalformed`. */
export function createHeadReader(): HeadReader {
  const names = new Map<string, FieldName>();
  const nameOf = (raw: string): FieldName => {
    if (!token.test(raw)) throw new AnswerMalformed('a field name is not a token');
    const name = raw.toLowerCase();
    const found: FieldName = { name, kind: kindOf(name) };
    if (names.size < namesMax) names.set(raw, found);
    return found;
  };

  return (text, method) => {
    if (misleading.test(text)) throw new AnswerMalformed('the head has a control character, or a line that is not ended by CR LF');
    const { status, is_new, next } = readStatus(text);
    const fields: string[] = [];
    let length: string | undefined;
    let coding: string | undefined;
    let connection: string | undefined;
    for (let from = next; from < text.length; ) {
      const line_end = text.indexOf('\r\n', from);
      const to = line_end < 0 ? text.length : line_end;
      const colon = text.indexOf(':', from);
      if (colon < 0 || colon >= to) throw new AnswerMalformed('a line of the head has no colon');
      const raw = text.slice(from, colon);
      const { name, kind } = names.get(raw) ?? nameOf(raw);
      const value = text.slice(colon + 1, to).trim();
      from = to + 2;
      if (kind === 'passed') fields.push(name, value);
      else if (kind === 'content-length') {
        if (length !== undefined || !decimal.test(value)) throw new AnswerMalformed('Content-Length is not one number');
        length = value;
      } else if (kind === 'transfer-encoding') {
        if (coding !== undefined || value.toLowerCase() !== 'chunked') throw new AnswerMalformed('Transfer-Encoding is not chunked');
        coding = value;
      } else if (kind === 'connection') connection = connection === undefined ? value : `${connection},${value}`;
    }
    if (length !== undefined && coding !== undefined) throw new AnswerMalformed('Content-Length and Transfer-Encoding together');
    if (length !== undefined) fields.push('content-length', length);
    const named =
      connection === undefined
        ? none
        : connection
            .toLowerCase()
            .split(',')
            .map((one) => one.trim());
    const body = lengthOf(status, method, length, coding);
    const keeps = is_new && body !== 'until_closed' && !named.includes('close');
    return { status, fields: named.some((one) => !plain.has(one)) ? without(fields, new Set(named)) : fields, length: body, keeps };
  };
}

const none: readonly string[] = [];
const plain: ReadonlySet<string> = new Set(['keep-alive', 'close', '']);

function kindOf(name: string): Kind {
  if (name === 'content-length' || name === 'transfer-encoding' || name === 'connection') return name;
  return notReturned.has(name) ? 'dropped' : 'passed';
}

function readStatus(text: string): { status: number; is_new: boolean; next: number } {
  const line_end = text.indexOf('\r\n');
  const line = line_end < 0 ? text : text.slice(0, line_end);
  const is_new = line.startsWith('HTTP/1.1 ');
  const digits = line.slice(9, 12);
  const after = line.charCodeAt(12);
  if (!(is_new || line.startsWith('HTTP/1.0 ')) || !/^[1-9]\d\d$/.test(digits) || !(line.length === 12 || after === 0x20))
    throw new AnswerMalformed('the status line is not of HTTP/1.1');
  return { status: Number(digits), is_new, next: line.length + 2 };
}

/** RFC 9112, section 6.3. */
function lengthOf(status: number, method: string, length: string | undefined, coding: string | undefined): AnswerHead['length'] {
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return 0;
  if (coding !== undefined) return 'chunked';
  return length === undefined ? 'until_closed' : Number(length);
}

function without(fields: readonly string[], named: ReadonlySet<string>): string[] {
  return fields.filter((_, index) => !named.has(fields[index - (index % 2)] as string));
}
