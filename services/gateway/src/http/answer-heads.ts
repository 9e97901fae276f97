/** The head of an answer: the fields of the service or of the gateway's own answer, those of every answer, and whether the connection goes on. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { personalCaching, uncached } from '@souk/service-kit';
import { type Fields, fieldOf } from '../domain/answer-fields.ts';
import type { RouteEntry } from '../route-table.ts';
import type { SharedFields } from '../workers/answer-memory.ts';
import type { ClientOrigin } from './client-address.ts';
import type { Cors } from './cors.ts';
import { answerHeaders } from './forwarded-headers.ts';
import { createHeadWriter, isOrdinary, textOf } from './prepared-head.ts';

export interface HeadTraits {
  /** The connection ends with the answer. */
  closes?: boolean;
  /** The fields are those of an answer that a service gave, which were read strictly. */
  was_read?: boolean;
}

/** What a head is made of, of an exchange. */
export interface Headed {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly client: ClientOrigin;
  readonly correlation_id: string;
  readonly span: { readonly traceparent: string };
  readonly entry: RouteEntry | undefined;
  readonly limit_headers: readonly string[];
  readonly session_cookies: readonly string[];
}

export interface AnswerHeads {
  /** Begins an answer with these fields, to which those of every answer are added. */
  write(exchange: Headed, status: number, fields: Fields, traits: HeadTraits): void;
  /**
   * Begins an answer with the fields that all answers of its kind have, and its own. What comes of the former is written once and kept
   * with them; a request for which it would be different gets a head of its own.
   */
  writeShared(exchange: Headed, status: number, shared: SharedFields, own: Fields): void;
}

export interface AnswerHeadsOptions {
  cors: Cors;
  isDraining(): boolean;
}

export function createAnswerHeads({ cors, isDraining }: AnswerHeadsOptions): AnswerHeads {
  const prepared = createHeadWriter();
  /** Of every answer. */
  const addOwn = (list: string[], { correlation_id, span, limit_headers, request }: Headed): void => {
    list.push('x-correlation-id', correlation_id, 'traceparent', span.traceparent, ...limit_headers);
    list.push(...cors.headersFor(request.headers.origin));
  };
  const write: AnswerHeads['write'] = (exchange, status, fields, { closes = false, was_read = false }) => {
    const { request, response, client, session_cookies } = exchange;
    const hasCookies = session_cookies.length > 0;
    const caching = ownCaching(exchange, status) ?? (hasCookies ? uncached : undefined);
    const ends = isDraining() || closes || isEarly(request);
    const list = answerHeaders(ends ? without(fields, 'connection') : fields, { secure: client.secure, vary: cors.vary, caching });
    addOwn(list, exchange);
    // Before those of the service, whose answer may end the session that has just been renewed.
    if (hasCookies) list.unshift(...session_cookies.flatMap((value) => ['set-cookie', value]));
    if (was_read && !ends && isFramed(request, status, fields) && isOrdinary(request, response, status))
      prepared.write(response, status, list);
    else {
      if (ends) list.push('connection', closingWith(fieldOf(fields, 'connection')));
      response.writeHead(status, list);
    }
  };
  return {
    write,
    writeShared(exchange, status, shared, own) {
      const { request, response } = exchange;
      if (isSpecial(exchange, status) || isDraining() || isEarly(request) || !isOrdinary(request, response, status)) {
        write(exchange, status, [...own, ...shared.fields], { was_read: true });
        return;
      }
      shared.text ??= textOf(answerHeaders(shared.fields, { secure: false, vary: cors.vary, caching: undefined }));
      const list = [...own];
      addOwn(list, exchange);
      prepared.write(response, status, list, shared.text);
    },
  };
}

/** One field, whatever else the connection is for: some clients read the first of several only. */
function closingWith(known: string | undefined): string {
  return known === undefined || known === 'close' ? 'close' : `${known}, close`;
}

function without(fields: Fields, name: string): Fields {
  return fields.filter((_, at) => fields[at - (at % 2)] !== name);
}

/** Whether what is written for all would not be right for this one. */
function isSpecial(exchange: Headed, status: number): boolean {
  return exchange.client.secure || exchange.session_cookies.length > 0 || ownCaching(exchange, status) !== undefined;
}

/** Cache-Control of an answer for its caller alone; undefined for any other. */
function ownCaching({ entry, request: { method, headers } }: Headed, status: number): string | undefined {
  return personalCaching({ access: entry?.access, page: entry?.page, method, authorization: headers.authorization, status });
}

/** Whether the head says where the answer ends. */
function isFramed({ method }: IncomingMessage, status: number, fields: Fields): boolean {
  return status === 204 || status === 304 || method === 'HEAD' || fieldOf(fields, 'content-length') !== undefined;
}

/** Whether the answer comes while the body is still on its way: the rest is not wanted, and the connection ends with it. */
export function isEarly(request: IncomingMessage): boolean {
  return !request.complete && !isBodyless(request);
}

function isBodyless({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] === undefined && (headers['content-length'] === undefined || headers['content-length'] === '0');
}
