/** A small HTTP server whose answers a test scripts, and time that a test moves. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import type { Timing } from '../src/index.ts';

export interface Received {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  text: string;
}

export interface TestServer {
  base_url: string;
  received: Received[];
  /** Cuts all connections. */
  cut(): void;
}

export type Handle = (request: Received, response: ServerResponse, count: number) => unknown;

/** Answers every request with `handle`, which also gets how many came, from 1; it ends with the tests of the file. */
export async function startServer(handle: Handle): Promise<TestServer> {
  const received: Received[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    const one = { method, url, headers, text: Buffer.concat(chunks).toString() };
    received.push(one);
    await handle(one, response, received.length);
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    base_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    cut: () => server.closeAllConnections(),
  };
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(body));
}

export function problemOf(status: number, code: string, more: object = {}): object {
  return { type: `/problems/${code}`, title: 'No', status, detail: `It is ${code}.`, instance: '/x', code, correlation_id: 'c-1', ...more };
}

export interface ManualTiming extends Timing {
  /** Lengths of the pauses, in milliseconds; each is over at once. */
  pauses: number[];
  advance(by_ms: number): void;
}

/** Pauses of up to a minute are over at once and noted; chance always comes out as `chance`. */
export function manualTiming(chance = 0.5): ManualTiming {
  let now_ms = Date.UTC(2026, 0, 1);
  const pauses: number[] = [];
  return {
    pauses,
    now: () => now_ms,
    random: () => chance,
    advance: (by_ms) => {
      now_ms += by_ms;
    },
    timer: (delay_ms, callback) => {
      pauses.push(delay_ms);
      const timer = setImmediate(callback);
      return () => clearImmediate(timer);
    },
  };
}
