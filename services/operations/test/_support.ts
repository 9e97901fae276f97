/** A running operations service among small real servers that stand for a gateway and the other services. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type InstanceStatus, type ListedInstance, registeredServices } from '@souk/contracts';
import { type Clock, silentLog } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { loadConfig, type RunnableService } from '@souk/service-kit';
import { createTestKeys, proofOf, type TestKeys } from '@souk/service-kit/testing';
import { buildOperations, OperationsConfig, type OperationsContext } from '../src/index.ts';

/** Of the installation that every server of these tests belongs to. */
const installationToken = randomBytes(32).toString('hex');
export const keys = platformKeys(installationToken);

export interface Seen {
  method: string;
  url: string;
  authorization: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Peer {
  port: number;
  url: string;
  /** Requests that arrived whole, those for proofs left out. */
  seen: Seen[];
  close(): Promise<void>;
}

type Reaction = (seen: Seen, response: ServerResponse) => void;

export const sendJson = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

/** A server on a real port that proves to be of the installation and answers everything else as told. */
async function startPeer(react: Reaction): Promise<Peer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/health'))
      return sendJson(response, 200, { status: 'healthy' }, proofOf(installationToken, request.headers));
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, authorization: headers.authorization, body };
      seen.push(one);
      react(one, response);
    });
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

export function instanceStatusOf(service: string, instance_id: string): InstanceStatus {
  return {
    service,
    instance_id,
    code_version: '1',
    started_at: '2026-01-01T00:00:00.000Z',
    now: new Date().toISOString(),
    status: 'healthy',
    checks: { database: { status: 'healthy' } },
    requests: { requests: 10, errors: 0, buckets: [{ le: 1, count: 10 }] },
    broker: { kind: 'embedded', connected: true },
    redis: null,
    chaos: null,
    outbox: { backlog: 0, oldest_age_s: 0 },
    database: { busy: 0, idle: 1, waiting: 0 },
    queues: [],
    dead_letters: [],
    missing: [],
  };
}

/** What the gateway lists; tests change it. */
export class Registry {
  readonly listed: Record<string, ListedInstance[]> = {};

  list(service: string, peer: { port: number }, instance_id = `${service}-1`, changes: Partial<ListedInstance> = {}): void {
    const instance: ListedInstance = {
      instance_id,
      host: '127.0.0.1',
      port: peer.port,
      health_check_path: '/health/ready',
      metadata: {},
      healthy: true,
      last_checked_at: null,
      last_error: null,
      registered_at: '2026-01-01T00:00:00.000Z',
      lease_until: null,
      ...changes,
    };
    const others = (this.listed[service] ?? []).filter((one) => one.instance_id !== instance_id);
    this.listed[service] = [...others, instance];
  }
}

export interface TestPlatform {
  registry: Registry;
  gateway: Peer;
  /** One peer for each service behind the gateway but operations, which reports its status and has no records. */
  services: ReadonlyMap<string, Peer>;
  keys: TestKeys;
  startOperations(config?: Partial<OperationsConfig>, clock?: Clock): Promise<RunnableService<OperationsContext>>;
  startPeer(react: Reaction): Promise<Peer>;
  get(service: RunnableService<OperationsContext>, path: string, role?: 'staff' | 'customer'): Promise<Response>;
  stop(): Promise<void>;
}

/** A gateway that lists one instance of each service. */
export async function startPlatform(react: (service: string) => Reaction = (service) => answersOf(service)): Promise<TestPlatform> {
  const registry = new Registry();
  const testKeys = await createTestKeys();
  const tokens = { staff: await testKeys.tokenFor({ role: 'staff' }), customer: await testKeys.tokenFor({ role: 'customer' }) };
  const started: { stop(): Promise<void> }[] = [];
  const peer = async (reaction: Reaction): Promise<Peer> => {
    const one = await startPeer(reaction);
    started.push({ stop: one.close });
    return one;
  };
  const gateway = await peer(({ url, authorization }, response) => {
    if (url !== '/registry/services')
      sendJson(response, 200, { ...instanceStatusOf('gateway', 'gateway-1'), outbox: null, database: null });
    else sendJson(response, authorization === `Bearer ${keys.scrapeToken()}` ? 200 : 403, registry.listed);
  });
  registry.list('gateway', gateway);
  const services = new Map<string, Peer>();
  for (const name of registeredServices.filter((one) => one !== 'operations')) {
    const one = await peer(react(name));
    registry.list(name, one);
    services.set(name, one);
  }
  return {
    registry,
    gateway,
    services,
    keys: testKeys,
    startPeer: peer,
    async startOperations(config = {}, clock) {
      const defaults = {
        port: 0,
        internal_token: installationToken,
        gateway_url: gateway.url,
        log_level: 'silent',
        audit_interval_ms: 0,
        status_interval_ms: 0,
        shutdown_timeout_ms: 2_000,
      };
      const env = Object.entries({ ...defaults, ...config }).map(([name, value]) => [name.toUpperCase(), String(value)] as const);
      const service = buildOperations(loadConfig('operations', OperationsConfig, Object.fromEntries(env)), {
        log: silentLog,
        fetchKeys: async () => testKeys.key_set,
        ...(clock && { clock }),
      });
      await service.start();
      started.unshift(service);
      return service;
    },
    async get({ url }, path, role) {
      const headers = role ? { authorization: `Bearer ${tokens[role]}` } : {};
      return fetch(`${url}${path}`, { headers });
    },
    async stop() {
      for (const one of started) await one.stop();
    },
  };
}

/** The status of one instance, and no records for the auditor. */
export function answersOf(service: string): Reaction {
  return ({ url }, response) =>
    url.startsWith('/internal/audit/records')
      ? sendJson(response, 200, { service, now: new Date().toISOString(), records: [], next: null })
      : sendJson(response, 200, instanceStatusOf(service, `${service}-1`));
}

const untilMs = 5_000;

/** Tries again and again until it holds; fails with what was awaited. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const ends = performance.now() + untilMs;
  while (!(await holds())) {
    if (performance.now() > ends) throw new Error(`still not: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
