import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Log, silentLog } from '@souk/kernel';
import { type LocalRedis, type LocalRedisOptions, startLocalRedis } from '@souk/local-servers/redis';
import { openRedis, type Redis, type RedisOptions, type SharedCount } from '@souk/redis';

export interface TestServer {
  server: LocalRedis;
  /** A connection that is closed with the server; patient, because test machines are busy. */
  open(overrides?: Partial<RedisOptions>): Redis;
  end(): Promise<void>;
}

/** A Redis of this test file alone. */
export async function testServer(options: Partial<LocalRedisOptions> = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-redis-'));
  const server = await startLocalRedis({ folder, log: silentLog, ...options }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true });
    throw error;
  });
  const opened: Redis[] = [];
  return {
    server,
    open(overrides = {}) {
      const redis = openRedis({ url: server.url, log: silentLog, command_timeout_ms: 500, reconnect_ms_max: 50, ...overrides });
      opened.push(redis);
      return redis;
    },
    async end() {
      for (const redis of opened) redis.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until `holds`, at most `limit_ms`; fails with what is still missed. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>, limit_ms = 10_000): Promise<void> {
  const end_ms = performance.now() + limit_ms;
  while (!(await holds())) {
    if (performance.now() > end_ms) throw new Error(`still missing after ${limit_ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export function ready(redis: Redis): Promise<void> {
  return eventually('Redis is ready', () => redis.state() === 'ready');
}

export function away(redis: Redis): Promise<void> {
  return eventually('Redis is away', () => redis.state() === 'away');
}

/** A name that nothing else in the server begins with. */
export function freshPrefix(): string {
  return `test-${randomUUID()}`;
}

export interface NotedLog {
  log: Log;
  /** Everything from `warn` up, one line each, with its fields. */
  lines: string[];
}

export function notedLog(): NotedLog {
  const lines: string[] = [];
  const note = (level: string) => (fields: object, message: string) => void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug() {}, info() {}, warn: note('warn'), error: note('error'), child: () => log };
  return { log, lines };
}

/** Counts one window like a gateway: decides alone, tells what it counted, takes over what all counted. */
export function localLimit(quota: number, window: number) {
  const totals = new Map<string, number>();
  let unpublished = new Map<string, number>();
  return {
    take(key: string): boolean {
      const used = totals.get(key) ?? 0;
      if (used >= quota) return false;
      totals.set(key, used + 1);
      unpublished.set(key, (unpublished.get(key) ?? 0) + 1);
      return true;
    },
    collect(): SharedCount[] {
      const counts = [...unpublished].map(([key, count]) => ({ key, window, count }));
      unpublished = new Map();
      return counts;
    },
    absorb(counts: readonly SharedCount[]): void {
      for (const { key, window: counted, count } of counts)
        if (counted === window) totals.set(key, Math.max(totals.get(key) ?? 0, count + (unpublished.get(key) ?? 0)));
    },
  };
}

export interface Relay {
  port: number;
  /** Ends all connections and takes no more. */
  cut(): void;
  mend(): Promise<void>;
}

/** A way to a server that can be cut for those who use it, while others still reach the server. */
export async function openRelay(to_port: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  const open = (port: number): Promise<Server> =>
    new Promise((resolve) => {
      const opened: Server = createServer((near) => {
        const far = connect({ port: to_port, host: '127.0.0.1' });
        for (const [from, to] of [
          [near, far],
          [far, near],
        ] as const) {
          sockets.add(from);
          from.pipe(to);
          from.on('error', () => to.destroy());
          from.on('close', () => sockets.delete(from) && to.destroy());
        }
      }).listen(port, '127.0.0.1', () => resolve(opened));
    });
  let server = await open(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    cut() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
    async mend() {
      server = await open(port);
    },
  };
}
