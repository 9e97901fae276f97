/**
 * Free ports of this machine for local servers and tests. They lie below the ranges from which systems take the ports of
 * outgoing connections (from 32768 on Linux, 49152 elsewhere): there a port that is free now may be gone a moment later,
 * and a client that dials its own stopped server again and again can be given that very port and connect to itself.
 */
import { createServer } from 'node:net';
import { AppError } from './app-error.ts';

const host = '127.0.0.1';
const single = { first: 22_000, last: 31_999 } as const;
/** Above the last port that a fetch refuses. */
const blocks = { first: 10_081, last: 20_999 } as const;
/** Ports of other protocols that browsers and Node's fetch refuse to connect to (https://fetch.spec.whatwg.org/#port-blocking), from 1024 on. */
const blockedPorts: ReadonlySet<number> = new Set([
  ...[1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10_080],
]);

/** Whether browsers and `fetch` refuse to connect to this port of an HTTP server ("bad port"). */
export function isBlockedPort(port: number): boolean {
  return blockedPorts.has(port);
}

/** Whether no process listens on the port of 127.0.0.1 at this moment. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** As many free ports, all different and none of them in `except`. Errors: `port_taken` when there are not so many. */
export async function findFreePorts(count: number, except: readonly number[] = [], random = Math.random): Promise<number[]> {
  const { first, last } = single;
  const span = last - first + 1;
  const start = Math.floor(random() * span);
  const found: number[] = [];
  for (let step = 0; found.length < count && step < span; step += 1) {
    const port = first + ((start + step) % span);
    if (!except.includes(port) && (await isPortFree(port))) found.push(port);
  }
  if (found.length < count) throw new AppError('port_taken', `There are no ${count} free ports between ${first} and ${last}.`);
  return found;
}

/**
 * The first of `size` free ports in a row. The block is this process's until it ends: its last port, the one after the
 * `size` handed out, is listened on without keeping the process alive, and another search for a block skips it.
 */
export async function claimPortBlock(size: number, random = Math.random): Promise<number> {
  const stride = size + 1;
  const count = Math.floor((blocks.last - blocks.first + 1) / stride);
  const start = Math.floor(random() * count);
  for (let step = 0; step < count; step += 1) {
    const base = blocks.first + ((start + step) % count) * stride;
    if ((await claim(base + size)) && (await allFree(base, size))) return base;
  }
  throw new AppError('port_taken', `There are no ${size} free ports in a row between ${blocks.first} and ${blocks.last}.`);
}

function claim(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const guard = createServer().unref();
    guard.once('error', () => resolve(false));
    guard.listen({ port, host, exclusive: true }, () => resolve(true));
  });
}

async function allFree(base: number, size: number): Promise<boolean> {
  const free = await Promise.all(Array.from({ length: size }, (_, offset) => isPortFree(base + offset)));
  return free.every(Boolean);
}
