/** One request and its answer, from the first look to the log line; owned by the gateway whichever part answers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { refusal } from '@souk/contracts';
import type { Limiter } from '@souk/kernel';
import { type Caller, discardRest, problemOf } from '@souk/service-kit';
import type { Span } from '@souk/telemetry/tracing';
import { type Fields, fieldOf, fieldsOf } from '../domain/answer-fields.ts';
import type { RouteEntry } from '../route-table.ts';
import type { SharedFields } from '../workers/answer-memory.ts';
import type { TurnWrites } from '../workers/turn-writes.ts';
import { AnswerBuffer, type AnswerBufferOptions } from './answer-buffer.ts';
import { codingOf, withVary } from './answer-coding.ts';
import { type AnswerHeads, type HeadTraits, isEarly } from './answer-heads.ts';
import type { ClientOrigin } from './client-address.ts';
import { CodedBody } from './coded-body.ts';
import { refusalContent } from './refusal-content.ts';

/** What all exchanges share. */
export interface ExchangeParts {
  buffering: AnswerBufferOptions;
  heads: AnswerHeads;
  turn_writes: TurnWrites;
  /** Answers that are coded at the moment. */
  codings: Limiter;
  stall_timeout_ms: number;
  /** Counts so many requests more for it. Answers the headers of its rate limit then. */
  charge(exchange: Exchange, requests: number): Fields;
  /** A request was not admitted, wherever that was found: for the security log. */
  recordRefusal(error: unknown, exchange: Exchange): void;
  /** A fault of ours, for the log. */
  reportFault(error: unknown, exchange: Exchange): void;
}

export interface OwnAnswer {
  status: number;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, with `content_type`. */
  text?: string;
  content_type?: string;
  headers?: Readonly<Record<string, string>>;
}

/** A connection that a client asks to use for another protocol, and what it has sent of that already. */
export interface Upgrade {
  socket: Duplex;
  head: Buffer;
}

/** The part that answers the request; it is called when the time is up or the client has disconnected. */
export interface Answerer {
  /** The time is up and nothing has been answered: the reason to give. */
  expired(): Error;
  /** The client has disconnected. */
  cancelled(): void;
  /** The moment it asked for with `check_at` has come. */
  check?(now: number): void;
}

const noAnswerer: Answerer = { expired: () => refusal('upstream_timeout'), cancelled: () => undefined };
const jsonType = 'application/json; charset=utf-8';

export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly correlation_id: string;
  span: Span;
  readonly client: ClientOrigin;
  readonly path: string;
  readonly started: number;
  /** The client waits for `100 Continue` before it sends its body. */
  readonly expects_continue: boolean;
  readonly #parts: ExchangeParts;
  entry: RouteEntry | undefined;
  caller: Caller | undefined;
  limit_headers: readonly string[] = [];
  limit_keys: readonly string[] = [];
  /** Values of `Set-Cookie`: the session was renewed on the way of this request, or has ended. */
  session_cookies: readonly string[] = [];
  /** Under which key it has a place among the requests of its caller. */
  place: string | undefined;
  answerer: Answerer = noAnswerer;
  /** Moment (of performance.now) at which the exchange ends unless something has happened. */
  deadline: number;
  /** Moment (of performance.now) at which the answerer wants to check it. */
  check_at = Number.POSITIVE_INFINITY;
  /** Bytes of the answer's body so far, before any coding: what it costs is counted by them. */
  answered_bytes = 0;
  /** Takes the body of an answer that is coded on its way; undefined for any other. */
  coded: CodedBody | undefined;
  gone = false;
  readonly upgrade: Upgrade | undefined;
  /** Its connection is a WebSocket now. */
  isSocket = false;
  /** Moment at which its answer became a stream that stays open; undefined for any other. */
  streams_since: number | undefined;
  #buffer: AnswerBuffer | undefined;
  #finishing = false;

  constructor(
    parts: ExchangeParts,
    of: Pick<Exchange, 'request' | 'response' | 'correlation_id' | 'span' | 'client' | 'path' | 'started' | 'expects_continue' | 'upgrade'>,
  ) {
    this.#parts = parts;
    this.request = of.request;
    this.response = of.response;
    this.correlation_id = of.correlation_id;
    this.span = of.span;
    this.client = of.client;
    this.path = of.path;
    this.started = of.started;
    this.expects_continue = of.expects_continue;
    this.upgrade = of.upgrade;
    this.deadline = of.started + parts.stall_timeout_ms;
  }

  /** Gives the exchange this much more time. */
  allow(ms: number): void {
    this.deadline = performance.now() + ms;
  }

  /** No time limit ends it from now on, its answerer does. */
  #stayOpen(): void {
    this.streams_since = performance.now();
    this.deadline = Number.POSITIVE_INFINITY;
  }

  /** Another protocol has taken over the connection. */
  becomeSocket(): void {
    this.isSocket = true;
    this.#stayOpen();
  }

  /** Begins an answer that stays open. */
  openStream(status: number, fields: Fields): void {
    this.#stayOpen();
    this.writeHead(status, fields);
    this.response.flushHeaders();
  }

  /** A body moved, in whichever direction. */
  progressed(): void {
    this.deadline = performance.now() + this.#parts.stall_timeout_ms;
  }

  /** What the client has not taken yet of an answer. */
  get buffer(): AnswerBuffer {
    this.#buffer ??= new AnswerBuffer(this, this.#parts.buffering);
    return this.#buffer;
  }

  check(now: number): void {
    this.check_at = Number.POSITIVE_INFINITY;
    this.answerer.check?.(now);
  }

  /** Begins an answer with these header fields, to which those of every answer are added. */
  writeHead(status: number, fields: Fields, traits: HeadTraits = {}): void {
    this.#parts.heads.write(this, status, fields, traits);
  }

  /** The same with the fields that all answers of its kind have, and its own. */
  writeSharedHead(status: number, shared: SharedFields, own: Fields): void {
    this.#parts.heads.writeShared(this, status, shared, own);
  }

  /** It counts as so many requests more than the one that was admitted. */
  charge(requests: number): void {
    this.limit_headers = this.#parts.charge(this, requests);
  }

  /** Begins an answer whose body follows, coded where that pays: the body then goes to `coded`. */
  beginBody(status: number, fields: Fields, traits: HeadTraits = {}): void {
    const planned = codingOf(this, status, fields);
    if (planned?.coding === undefined || this.request.method === 'HEAD') {
      this.writeHead(status, planned?.fields ?? fields, traits);
      return;
    }
    const leave = placeAmong(this.#parts.codings);
    this.writeHead(status, leave === undefined ? withVary(fields) : planned.fields, traits);
    if (leave === undefined) return;
    this.response.once('close', leave);
    this.coded = new CodedBody(this, planned.coding, fieldOf(fields, 'content-length') === undefined);
  }

  /** Sends an answer whose body is at hand. */
  sendWhole(status: number, fields: Fields, content: string | Buffer, traits: HeadTraits = {}): void {
    this.answered_bytes = content.length;
    this.beginBody(status, fields, traits);
    if (this.request.method === 'HEAD') this.response.end();
    else if (this.coded === undefined) this.finish(content);
    else {
      this.coded.write(Buffer.from(content), () => undefined);
      this.coded.end();
    }
  }

  send({ status, body, text, content_type = jsonType, headers = {} }: OwnAnswer): void {
    if (this.response.headersSent || this.gone) return;
    const content = text ?? (body === undefined ? '' : JSON.stringify(body));
    this.#finish(status, fieldsOf(status, content, content_type, headers), content);
  }

  /** Answers with the problem document of an error; breaks off when the answer has begun. */
  refuse(error: unknown): void {
    const { response } = this;
    if (response.headersSent || this.gone) {
      response.destroy();
      return;
    }
    this.#parts.recordRefusal(error, this);
    const { status, headers, problem, fault } = problemOf(error, this.path, this.correlation_id);
    const limit_headers = (error as { details?: { limit_headers?: readonly string[] } }).details?.limit_headers;
    if (limit_headers !== undefined) this.limit_headers = limit_headers;
    if (fault) this.#parts.reportFault(error, this);
    const { content, type, described } = refusalContent(this, problem);
    this.#finish(status, fieldsOf(status, content, type, { ...headers, ...described }), content);
  }

  #finish(status: number, fields: Fields, content: string): void {
    const announced = this.entry?.deprecation;
    const all = announced === undefined ? fields : [...fields, ...announced];
    this.sendWhole(status, all, content, { closes: fieldOf(fields, 'connection') === 'close' });
  }

  /** Ends an answer whose request has arrived whole with this text (latin1), together with other answers of this turn. */
  finishWith(text: string): void {
    this.#finishing = true;
    this.#parts.turn_writes.add(() => this.response.end(text, 'latin1'));
  }

  /** Ends the answer with its last (or only) text; a client who is still sending gets the chance to read it. */
  finish(text: string | Buffer = ''): void {
    const { request, response } = this;
    if (response.writableEnded || this.#finishing) return;
    if (!isEarly(request) || this.expects_continue) {
      response.end(text);
      return;
    }
    if (text.length > 0) response.write(text);
    discardRest(request, () => response.end());
  }

  /** The time is up. */
  expire(): void {
    if (this.response.headersSent) this.response.destroy();
    else this.refuse(this.answerer.expired());
  }
}

/** Gives the place back when it is called; undefined when none is free: the answer then leaves as it is. */
function placeAmong(codings: Limiter): (() => void) | undefined {
  try {
    return codings.take();
  } catch {
    return undefined;
  }
}
