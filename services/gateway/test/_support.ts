/** A running gateway in front of small real services made for the test. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { loadConfig } from '@souk/service-kit';
import { createTestKeys, proofOf as proofAs, type TestKeys } from '@souk/service-kit/testing';
import { buildGateway, GatewayConfig, type GatewayOverrides, type GatewayService } from '../src/index.ts';

export interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Upstream {
  port: number;
  url: string;
  /** Requests that arrived whole, health checks left out. */
  seen: Seen[];
  /** Connections open at the moment. */
  connections(): number;
  close(): Promise<void>;
}

type Reaction = (request: IncomingMessage, response: ServerResponse, body: string) => void;

export const sendJson = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

/** Of the installation that every gateway and upstream of these tests belongs to. */
export const installationToken = randomBytes(32).toString('hex');
export const keys = platformKeys(installationToken);

/** An upstream is whichever instance it is asked to be, at the address it is asked at. */
export const proofOf = ({ headers }: IncomingMessage): Record<string, string> => proofAs(installationToken, headers);

/** A service on a real port. It is ready at once, and answers everything else as told. */
export async function anUpstream(
  react: Reaction = (_request, response) => sendJson(response, 200, { ok: true }),
  port = 0,
): Promise<Upstream> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/health')) return sendJson(response, 200, { status: 'healthy' }, proofOf(request));
    let body = '';
    request.setEncoding('latin1').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      react(request, response, body);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    seen,
    connections: () => sockets.size,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export interface TestGateway {
  gateway: GatewayService;
  url: string;
  port: number;
  keys: TestKeys;
  internal_token: string;
  scrape_token: string;
  registration_token: string;
  state_folder: string;
  register(name: string, upstream: { port: number }, instance_id?: string): Promise<void>;
  stop(): Promise<void>;
}

export async function aGateway(config: Partial<GatewayConfig> = {}, overrides: GatewayOverrides = {}): Promise<TestGateway> {
  const state_folder = config.state_folder ?? (await mkdtemp(join(tmpdir(), 'souk-gateway-')));
  const testKeys = await createTestKeys();
  const internal_token = installationToken;
  const defaults = {
    port: 0,
    internal_token,
    log_level: 'silent',
    state_folder,
    recheck_interval_ms: 50,
    shutdown_timeout_ms: 2_000,
    // What is tried with reads of the catalogue is the way to the service.
    catalogue_memory_bytes_max: 0,
  };
  const env = Object.entries({ ...defaults, ...config }).map(([name, value]) => [name.toUpperCase(), String(value)] as const);
  const gateway = buildGateway(loadConfig('gateway', GatewayConfig, Object.fromEntries(env)), {
    log: silentLog,
    fetchKeys: async () => testKeys.key_set,
    ...overrides,
  });
  const forget = async (): Promise<void> => {
    if (config.state_folder === undefined) await rm(state_folder, { recursive: true, force: true });
  };
  try {
    await gateway.start();
  } catch (error) {
    await forget();
    throw error;
  }
  return {
    gateway,
    url: gateway.url,
    port: gateway.port,
    keys: testKeys,
    internal_token: keys.internalToken('gateway'),
    scrape_token: keys.scrapeToken(),
    registration_token: keys.registrationToken(),
    state_folder,
    async register(name, upstream, instance_id = `${name}-${upstream.port}`) {
      const answer = await fetch(`${gateway.url}/registry/services/${name}/${instance_id}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${keys.registrationToken()}`, 'content-type': 'application/json' },
        body: JSON.stringify({ host: '127.0.0.1', port: upstream.port }),
      });
      if (answer.status !== 200) throw new Error(`not registered: ${answer.status} ${await answer.text()}`);
      await until(
        () => gateway.context.instances.table.of(name).some((instance) => instance.instance_id === instance_id && instance.healthy),
        `${instance_id} is healthy`,
      );
    },
    async stop() {
      await gateway.stop();
      await forget();
    },
  };
}

const untilMs = 5_000;

/** Looks again and again until it holds; fails with what was awaited. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const ends = performance.now() + untilMs;
  while (!(await holds())) {
    if (performance.now() > ends) throw new Error(`still not: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Sends bytes as they are and answers everything that came back until the other side closed (or `enough` says so). */
export function rawExchange(port: number, bytes: string, enough: (text: string) => boolean = () => false): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    let text = '';
    const done = (): void => {
      socket.destroy();
      resolve(text);
    };
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      if (enough(text)) done();
    });
    socket.on('close', done).on('error', done);
    socket.setTimeout(untilMs, done);
  });
}
