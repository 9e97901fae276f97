/** Two ways to the instances with one surface, and a server of plain bytes that answers as a test says. */
import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Instance } from '@souk/discovery';
import { type Dispatcher, Pool } from 'undici';
import { createUpstreamPools } from '../src/clients/upstream-pools.ts';
import type { AnswerHandler, Flight, UpstreamRequest } from '../src/domain/upstream.ts';
import { createTurnWrites } from '../src/workers/turn-writes.ts';

export interface Way {
  send(request: UpstreamRequest, handler: AnswerHandler): Flight;
  close(): Promise<void>;
}

/** A server of plain bytes: the test sees each connection and writes what it likes. */
export class RawServer {
  readonly sockets: Socket[] = [];
  readonly received: string[] = [];
  #server: Server | undefined;
  port = 0;
  /** Called with what a connection has received so far, after each piece. */
  answer: (socket: Socket, text: string) => void = () => undefined;

  async open(): Promise<void> {
    this.#server = createServer((socket) => {
      const index = this.sockets.push(socket) - 1;
      this.received.push('');
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        this.received[index] += bytes.toString('latin1');
        this.answer(socket, this.received[index] as string);
      });
    });
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
    this.port = (this.#server.address() as { port: number }).port;
  }

  /** Answers each request that has ended with these texts, by turns. */
  script(...texts: (string | ((socket: Socket) => void))[]): void {
    let turn = 0;
    const answered = new Map<Socket, number>();
    this.answer = (socket, text) => {
      const heads = text.split('\r\n\r\n').length - 1;
      while ((answered.get(socket) ?? 0) < heads && turn < texts.length) {
        answered.set(socket, (answered.get(socket) ?? 0) + 1);
        const next = texts[turn++] as string | ((socket: Socket) => void);
        if (typeof next === 'string') socket.write(next, 'latin1');
        else next(socket);
      }
    };
  }

  reset(): void {
    for (const socket of this.sockets) socket.destroy();
    this.sockets.length = 0;
    this.received.length = 0;
    this.answer = () => undefined;
  }

  async close(): Promise<void> {
    this.reset();
    await new Promise<void>((resolve) => this.#server?.close(() => resolve()));
  }
}

export interface Outcome {
  status: number;
  fields: Record<string, string>;
  body: string;
  error?: Error;
}

export class Collected implements AnswerHandler {
  readonly outcome: Promise<Outcome>;
  readonly #resolve: (outcome: Outcome) => void;
  was_sent = false;
  #status = 0;
  #fields: Record<string, string> = {};
  readonly #pieces: Buffer[] = [];
  bytes = 0;
  onData: () => void = () => undefined;
  #over = false;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.outcome = promise;
    this.#resolve = resolve;
  }

  sent(): void {
    this.was_sent = true;
  }

  head(status: number, fields: readonly string[]): void {
    this.#status = status;
    for (let at = 0; at < fields.length; at += 2) this.#fields[fields[at] as string] = fields[at + 1] as string;
  }

  data(bytes: Buffer): boolean {
    this.bytes += bytes.length;
    this.#pieces.push(Buffer.from(bytes));
    this.onData();
    return false;
  }

  end(): void {
    this.#finish({});
  }

  failed(error: Error): void {
    this.#finish({ error });
  }

  #finish(rest: { error?: Error }): void {
    assert.equal(this.#over, false, 'an end comes once');
    this.#over = true;
    this.#resolve({ status: this.#status, fields: this.#fields, body: Buffer.concat(this.#pieces).toString('latin1'), ...rest });
  }
}

const limits = { connections_max: 2, waiting_max: 2, connect_timeout_ms: 2_000 };

export function own(port: number): Way {
  const pools = createUpstreamPools({ ...limits, turn_writes: createTurnWrites() });
  const instance = { name: 'orders', instance_id: 'one', host: '127.0.0.1', port } as Instance;
  return { send: (request, handler) => pools.of(instance).send(request, handler), close: () => pools.close() };
}

export function undici(port: number): Way {
  const pool = new Pool(`http://127.0.0.1:${port}`, {
    connections: limits.connections_max,
    pipelining: 1,
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 4_000,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    send({ method, path, headers, body, body_length }, handler) {
      let controller: Dispatcher.DispatchController | undefined;
      let aborted: Error | undefined;
      const options: Dispatcher.DispatchOptions = {
        path,
        method: method as Dispatcher.HttpMethod,
        headers: [...headers, ...(body_length === undefined ? [] : ['content-length', String(body_length)])],
        body: (body as Buffer | Readable | undefined) ?? null,
        ...(method === 'HEAD' && { reset: false }),
      };
      pool.dispatch(options, {
        onRequestStart(started) {
          controller = started;
          if (aborted) started.abort(aborted);
          else handler.sent();
        },
        onResponseStart(_controller, status, fields) {
          if (status < 200) return;
          handler.head(
            status,
            Object.entries(fields).flatMap(([name, value]) => [name, String(value)]),
          );
        },
        onResponseData: (_controller, bytes) => void handler.data(bytes),
        onResponseEnd: () => handler.end(),
        onResponseError: (_controller, error) => handler.failed(error),
      });
      return {
        abort(reason) {
          aborted = reason;
          controller?.abort(reason);
        },
        pause: () => controller?.pause(),
        resume: () => controller?.resume(),
      };
    },
    close: () => pool.destroy(),
  };
}

export const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

/** Park and Miller's generator: the same seed gives the same cuts. */
export function randomOf(from: number): () => number {
  let state = (from % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
