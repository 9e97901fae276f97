/**
 * The door by which operations has the process that runs the shop carry out drills. It listens on this machine only, on a port that
 * nothing else is given, and opens to a token that is derived for nothing but this.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DrillOrder, type ErrorCode, errorEntry, refusal } from '@souk/contracts';
import { AppError, type Log } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { createSchemaCheck, createTokenGuard } from '@souk/service-kit';
import type { DrillDesk } from './drill-desk.ts';

export interface DrillServer {
  url: string;
  close(): Promise<void>;
}

const host = '127.0.0.1';
const bodyBytesMax = 4_096;
const checkOrder = createSchemaCheck(DrillOrder);

/** Listens on a free port. What is asked before there is a desk is answered with `service_unavailable`. */
export async function openDrillServer(options: { internal_token: string; log: Log; desk(): DrillDesk | undefined }): Promise<DrillServer> {
  const isShown = createTokenGuard(platformKeys(options.internal_token).drillToken());
  const server = createServer((request, response) => {
    void respond(request, response, async () => {
      if (!isShown(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '')) throw refusal('token_invalid');
      const desk = options.desk();
      if (desk === undefined) throw refusal('service_unavailable', 'The shop is still being started.');
      return carriedOut(desk, request);
    }).catch((error: unknown) => {
      options.log.error({ err: error }, 'a request for a drill could not be answered');
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, host, resolve);
  });
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function respond(request: IncomingMessage, response: ServerResponse, work: () => Promise<unknown>): Promise<void> {
  const send = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  try {
    send(200, await work());
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    send(errorEntry(error.code)?.status ?? 500, { code: error.code as ErrorCode, detail: error.message });
    request.resume();
  }
}

async function carriedOut(desk: DrillDesk, request: IncomingMessage): Promise<unknown> {
  const { method, url } = request;
  if (method === 'GET' && url === '/drills') return desk.list();
  if (method === 'POST' && url === '/drills') return desk.start(await orderIn(request));
  const [, id] = /^\/drills\/([0-9a-f-]{36})$/.exec(url ?? '') ?? [];
  if (method === 'DELETE' && id !== undefined) return desk.end(id);
  throw refusal('not_found');
}

async function orderIn(request: IncomingMessage): Promise<DrillOrder> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk as string;
    if (text.length > bodyBytesMax) throw refusal('body_too_large');
  }
  const body = parsed(text);
  const findings = checkOrder(body);
  if (findings !== undefined) throw refusal('validation_failed', findings.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; '));
  return body as DrillOrder;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refusal('json_invalid', undefined, {}, error);
  }
}
