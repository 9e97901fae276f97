/** The service alone, with no gateway and no users: that is what it has to bear. Or among small servers that stand for others. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GraphqlAnswer } from '@souk/contracts';
import { silentLog } from '@souk/kernel';
import { loadConfig, type ProcessOverrides } from '@souk/service-kit';
import { proofOf } from '@souk/service-kit/testing';
import { buildWeb, WebConfig } from '../src/index.ts';

const installationToken = 'an internal token for tests only, 0123456789';

export async function aReference(variables: Record<string, string> = {}, overrides: ProcessOverrides = {}) {
  const env = {
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'silent',
    INTERNAL_TOKEN: installationToken,
    GATEWAY_URL: '',
    USERS_URL: 'http://127.0.0.1:9',
    ...variables,
  };
  const web = buildWeb(loadConfig('web', WebConfig, env), { log: silentLog, ...overrides });
  await web.start();
  return web;
}

export interface Peer {
  port: number;
  url: string;
  /** Requests that arrived, those for proofs left out. */
  seen: IncomingMessage[];
  close(): Promise<void>;
}

/** A server on a real port that proves to be of the installation and answers everything else as told. */
export async function aPeer(react: (request: IncomingMessage, response: ServerResponse) => void): Promise<Peer> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/health')) {
      response.writeHead(200, proofOf(installationToken, request.headers)).end();
      return;
    }
    seen.push(request);
    react(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    seen,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export const sendJson = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

/** A gateway whose registry lists these: by service the ports of its instances. */
export function aGateway(instances: Readonly<Record<string, readonly number[]>>): Promise<Peer> {
  const listed = Object.entries(instances).map(([service, ports]) => [
    service,
    ports.map((port, index) => ({ instance_id: `${service}-${index}`, host: '127.0.0.1', port, healthy: true, last_error: null })),
  ]);
  return aPeer((_request, response) => sendJson(response, Object.fromEntries(listed)));
}

export type Web = Awaited<ReturnType<typeof aReference>>;

export interface Reply {
  status: number;
  body: GraphqlAnswer & { code?: string };
  headers: Headers;
  took_ms: number;
}

/** Sends a request to the graph as JSON, or as it is. */
export async function post(web: Web, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  const began = performance.now();
  const raw = typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream;
  const answer = await fetch(`${web.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: raw ? (body as string) : JSON.stringify(body),
    ...(body instanceof ReadableStream && { duplex: 'half' as const }),
  });
  const text = await answer.text();
  return { status: answer.status, body: JSON.parse(text) as Reply['body'], headers: answer.headers, took_ms: performance.now() - began };
}
/** Of a problem, or of the first error of an answer. */
export const codeOf = ({ body }: Reply): string | undefined => body.code ?? body.errors?.[0]?.extensions.code;
