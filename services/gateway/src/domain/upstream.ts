/** The way to an instance: what is sent there, and what receives the answer. */
import type { Fields } from './answer-fields.ts';

/** A body that is read as it arrives: a readable stream of Node. */
export interface BodyStream {
  on(event: 'data', take: (bytes: Buffer) => void): unknown;
  once(event: 'end' | 'close', done: () => void): unknown;
  once(event: 'error', fail: (error: Error) => void): unknown;
  pause(): unknown;
  resume(): unknown;
}

export interface UpstreamRequest {
  method: string;
  /** Path and query, as they are sent. */
  path: string;
  /** Names and values by turns, without Host, Connection and those that frame the body. */
  headers: readonly string[];
  body: Buffer | BodyStream | undefined;
  /** Length of a body that is a stream; without it the body is sent in chunks. */
  body_length: number | undefined;
}

/** What is called as an answer comes: `sent`, `head`, `data` …, `end`; or `failed` at any point, once, and nothing after it. */
export interface AnswerHandler {
  /** The request is written from now on: the instance may act on it. */
  sent(): void;
  head(status: number, fields: Fields): void;
  /**
   * In place of `data`, for a body that came whole with its head: as text, each character one byte. Answers whether it took it;
   * otherwise the same body comes as bytes.
   */
  text?(body: string): boolean;
  /** Answers whether the bytes are still in use afterwards; otherwise their memory is used again. */
  data(bytes: Buffer): boolean;
  end(): void;
  failed(error: Error): void;
}

/** A request under way. */
export interface Flight {
  /** Ends it; its handler receives `failed` with the reason, unless it has ended already. */
  abort(reason: Error): void;
  /** Reads no further for now. */
  pause(): void;
  resume(): void;
}

export interface Upstream {
  readonly origin: string;
  /**
   * Sends a request over a kept connection, a new one, or the next one that is free. Throws `overloaded` when too many wait for a
   * connection already; otherwise the handler is called at the end, once.
   */
  send(request: UpstreamRequest, handler: AnswerHandler): Flight;
}

/** An answer that was collected. */
export interface PlainAnswer {
  status: number;
  fields: Fields;
  body: Buffer;
}
