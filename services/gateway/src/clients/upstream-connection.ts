/**
 * One kept connection to an instance: a request at a time, written in one piece where it fits, the answer handed on as it comes.
 * Written for the gateway's hot path: next to `undici` it saves a third of a proxied request's CPU (docs/benchmarks.md). A suite
 * of tests holds both to the same behaviour.
 */
import { connect, type Socket } from 'node:net';
import type { AnswerHandler, BodyStream, Flight, UpstreamRequest } from '../domain/upstream.ts';
import type { TurnWrites } from '../workers/turn-writes.ts';
import { AnswerMalformed, type HeadReader } from './answer-head.ts';
import { ChunkedBody } from './chunked-body.ts';
import { requestHead } from './upstream-request.ts';

export interface ConnectionOptions {
  host: string;
  port: number;
  connect_timeout_ms: number;
  readHead: HeadReader;
  turn_writes: TurnWrites;
  /** It can take a request: it is connected, or an answer has ended. */
  freed(connection: UpstreamConnection): void;
  /** It is gone; with the error when it never was connected. */
  closed(connection: UpstreamConnection, connect_error: Error | undefined): void;
}

const headBytesMax = 65_536;
const headEnd = '\r\n\r\n';
/** Bodies up to this many bytes are written together with the head. */
const inOnePieceMax = 16_384;
const firstReadBytes = 16_384;
const readBytesMax = 65_536;

export class UpstreamConnection {
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  readonly #authority: string;
  #space = Buffer.allocUnsafeSlow(firstReadBytes);
  #kept = false;
  #connected = false;
  #connect_error: Error | undefined;
  #error: Error | undefined;
  #handler: AnswerHandler | undefined;
  #method = '';
  /** The beginning of a head that came in pieces. */
  #piece: Buffer | undefined;
  #answering = false;
  #keeps = true;
  /** Bytes of the body that are still to come. */
  #left = 0;
  #chunks: ChunkedBody | undefined;
  #sending: BodyStream | undefined;
  #paused = false;
  /** When it became idle. */
  idle_since = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { host, port } = options;
    this.#authority = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    const onread = { buffer: () => this.#space, callback: (bytes: number) => this.#read(bytes) };
    this.#socket = connect({ host, port, noDelay: true, onread });
    const timer = setTimeout(() => {
      this.#socket.destroy(Object.assign(new Error(`no connection within ${options.connect_timeout_ms} ms`), { code: 'ETIMEDOUT' }));
    }, options.connect_timeout_ms);
    this.#socket.once('connect', () => {
      clearTimeout(timer);
      this.#connected = true;
      options.freed(this);
    });
    this.#socket.on('error', (error: Error) => {
      this.#error = error;
      if (!this.#connected) this.#connect_error = error;
    });
    this.#socket.on('end', () => this.#ended());
    this.#socket.once('close', () => {
      clearTimeout(timer);
      this.#lost();
    });
  }

  /** Whether it may take a request. */
  get usable(): boolean {
    return this.#connected && this.#keeps && this.#handler === undefined && this.#socket.writable && !this.#socket.readableEnded;
  }

  send(request: UpstreamRequest, handler: AnswerHandler): Flight {
    this.#handler = handler;
    this.#method = request.method;
    this.#answering = false;
    this.#write(request);
    handler.sent();
    return {
      abort: (reason) => {
        if (this.#handler === handler) this.#fail(reason);
      },
      pause: () => {
        if (this.#handler === handler) this.#pause(true);
      },
      resume: () => {
        if (this.#handler === handler) this.#pause(false);
      },
    };
  }

  #write(request: UpstreamRequest): void {
    const { body } = request;
    const head = requestHead(request, this.#authority);
    const socket = this.#socket;
    if (body === undefined) this.#writeLater(head);
    else if (!Buffer.isBuffer(body)) this.#stream(head, body, request.body_length === undefined);
    else if (body.length <= inOnePieceMax) this.#writeLater(head + body.toString('latin1'));
    else {
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(body);
      socket.uncork();
    }
  }

  #writeLater(text: string): void {
    const handler = this.#handler;
    this.#options.turn_writes.add(() => {
      if (this.#handler === handler) this.#socket.write(text, 'latin1');
    });
  }

  #pause(paused: boolean): void {
    this.#paused = paused;
    if (paused) this.#socket.pause();
    else this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #stream(head: string, body: BodyStream, in_chunks: boolean): void {
    const socket = this.#socket;
    const handler = this.#handler;
    this.#sending = body;
    socket.write(head, 'latin1');
    const resume = (): void => void body.resume();
    const done = (): void => {
      socket.off('drain', resume);
      if (this.#sending === body) this.#sending = undefined;
    };
    socket.on('drain', resume);
    body.on('data', (bytes: Buffer) => {
      if (this.#handler !== handler) return;
      if (in_chunks) {
        socket.cork();
        socket.write(`${bytes.length.toString(16)}\r\n`, 'latin1');
        socket.write(bytes);
        socket.write('\r\n', 'latin1');
        socket.uncork();
      } else socket.write(bytes);
      if (socket.writableNeedDrain) body.pause();
    });
    body.once('end', () => {
      done();
      if (this.#handler === handler && in_chunks) socket.write('0\r\n\r\n', 'latin1');
    });
    body.once('error', (error: Error) => {
      if (this.#handler === handler) this.#fail(error);
    });
    body.once('close', done);
  }

  /** What is called with each piece that was read into the space; the answer is whether to read on. */
  #read(bytes: number): boolean {
    this.#kept = false;
    const filled = bytes === this.#space.length;
    try {
      this.#take(this.#space.subarray(0, bytes));
    } catch (error) {
      this.#fail(error instanceof Error ? error : new AnswerMalformed(String(error)));
    }
    if (this.#kept) this.#space = Buffer.allocUnsafeSlow(filled ? readBytesMax : this.#space.length);
    else if (filled && this.#space.length < readBytesMax) this.#space = Buffer.allocUnsafeSlow(readBytesMax);
    return true;
  }

  #take(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      const handler = this.#handler;
      if (handler === undefined) {
        // Nothing was asked: the service is out of step.
        this.destroy();
        return;
      }
      rest = this.#answering ? this.#takeBody(handler, rest) : this.#takeHead(handler, rest);
    }
  }

  #takeHead(handler: AnswerHandler, bytes: Buffer): Buffer {
    const whole = this.#piece === undefined ? bytes : Buffer.concat([this.#piece, bytes]);
    this.#piece = undefined;
    // Of a small answer that is all of it: one text is cheaper than a search among the bytes and two texts.
    const text = whole.toString('latin1', 0, Math.min(whole.length, headBytesMax + headEnd.length));
    const end = text.indexOf(headEnd);
    if (end < 0 && whole.length > headBytesMax) throw new AnswerMalformed('the head of the answer is too long');
    if (end < 0) {
      this.#piece = whole === bytes ? Buffer.from(bytes) : whole;
      return none;
    }
    const { status, fields, length, keeps } = this.#options.readHead(text.slice(0, end), this.#method);
    const from = end + headEnd.length;
    const rest = whole.subarray(from);
    if (status === 101) throw new AnswerMalformed('the service changed the protocol');
    // Interim answers; the final one follows.
    if (status < 200) return rest;
    this.#answering = true;
    this.#keeps = keeps;
    this.#chunks = length === 'chunked' ? new ChunkedBody() : undefined;
    this.#left = length === 'chunked' ? 0 : length === 'until_closed' ? Number.POSITIVE_INFINITY : length;
    handler.head(status, fields);
    if (this.#handler !== handler) return none;
    const isWhole = rest.length === length && length <= inOnePieceMax;
    if (length !== 0 && !(isWhole && handler.text?.(text.slice(from)) === true)) return rest;
    this.#complete(handler, length === 0 ? rest : none);
    return none;
  }

  #takeBody(handler: AnswerHandler, bytes: Buffer): Buffer {
    if (this.#chunks !== undefined) {
      const taken = this.#chunks.take(bytes, (piece) => this.#hand(handler, piece));
      const rest = bytes.subarray(taken);
      if (this.#handler === handler && this.#chunks.done) this.#complete(handler, rest);
      return this.#handler === handler ? rest : none;
    }
    const piece = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes;
    this.#left -= piece.length;
    this.#hand(handler, piece);
    if (this.#handler === handler && this.#left === 0) this.#complete(handler, bytes.subarray(piece.length));
    return none;
  }

  #hand(handler: AnswerHandler, piece: Buffer): void {
    if (this.#handler === handler && handler.data(piece)) this.#kept = true;
  }

  /** The answer has ended; bytes beyond it, or a request that is still being sent, end the connection. */
  #complete(handler: AnswerHandler, rest: Buffer): void {
    this.#handler = undefined;
    if (rest.length > 0 || this.#sending !== undefined) this.#keeps = false;
    if (this.#paused) this.#pause(false);
    handler.end();
    if (this.usable) this.#options.freed(this);
    else this.destroy();
  }

  #fail(error: Error): void {
    const handler = this.#handler;
    this.#handler = undefined;
    this.#keeps = false;
    this.destroy();
    handler?.failed(error);
  }

  /** The other side has ended the connection. */
  #ended(): void {
    const handler = this.#handler;
    if (handler !== undefined && this.#answering && this.#left === Number.POSITIVE_INFINITY) this.#complete(handler, none);
    else this.destroy();
  }

  #lost(): void {
    const handler = this.#handler;
    this.#handler = undefined;
    this.#keeps = false;
    handler?.failed(
      this.#error ?? Object.assign(new Error('the connection was closed before the end of the answer'), { code: 'ECONNRESET' }),
    );
    this.#options.closed(this, this.#connected ? undefined : (this.#connect_error ?? new Error('closed before it was connected')));
  }
}

const none = Buffer.alloc(0);
