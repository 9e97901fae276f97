import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Log, pause, required } from '@souk/kernel';
import { type Database, openDatabase } from '@souk/postgres';

const untilTimeoutMs = 10_000;
const untilPollMs = 5;

/** A log that keeps what it was told. */
export function keptLog(): Log & { said: string[] } {
  const said: string[] = [];
  const keep = (_: object, message: string): void => {
    said.push(message);
  };
  const log: Log & { said: string[] } = { said, debug() {}, info: keep, warn: keep, error: keep, child: () => log };
  return log;
}

/** Waits for what can only be asked for; says what it waited for when it does not come. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const limit_ms = performance.now() + untilTimeoutMs;
  while (!(await holds())) {
    if (performance.now() > limit_ms) throw new Error(`did not happen: ${what}`);
    await pause(untilPollMs);
  }
}

export function openTestDatabase(t: TestContext, url: string, options: Partial<Parameters<typeof openDatabase>[0]> = {}): Database {
  const db = openDatabase({ url, application_name: 'souk test', pool_max: 4, log: keptLog(), ...options });
  t.after(() => db.close());
  return db;
}

export interface CountingProxy {
  url: string;
  /** How often the client spoke after the server had: the round trips so far. */
  trips(): number;
  /** From now on nothing of what the server says arrives, as when a cable is pulled. */
  silence(): void;
}

/** A way to the server that counts round trips and can go silent. */
export async function countingProxy(t: TestContext, url: string): Promise<CountingProxy> {
  const way = new URL(url);
  const target = { port: Number(way.port), host: way.hostname, noDelay: true };
  const sockets = new Set<Socket>();
  let trips = 0;
  let silent = false;
  const server = createServer((client) => {
    const upstream = connect(target);
    let clientsTurn = true;
    client.on('data', (chunk) => {
      if (clientsTurn) trips += 1;
      clientsTurn = false;
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (silent) return;
      clientsTurn = true;
      client.write(chunk);
    });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('close', () => other.destroy());
      socket.on('error', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = required(server.address(), 'the address of the proxy');
  way.port = String(typeof address === 'object' ? address.port : '');
  return {
    url: way.href,
    trips: () => trips,
    silence: () => {
      silent = true;
    },
  };
}

/** A temporary folder that everybody may enter. */
export async function makeOpenFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-launcher-'));
  await chmod(folder, 0o755);
  return folder;
}

/** The same, removed after the test. */
export async function openFolder(t: TestContext): Promise<string> {
  const folder = await makeOpenFolder();
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

export interface Launched {
  child: ChildProcess;
  /** The first line of JSON it printed: what it started, or the error. */
  answer: { pid?: number; port?: number; superuser_url?: string; code?: string; message?: string };
}

/** Starts a script of this folder in a process of its own, and waits for its first line. */
export async function runElsewhere(script: string, args: readonly string[], account?: { uid: number; gid: number }): Promise<Launched> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
    ...account,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: '/usr/bin:/bin' },
  });
  const lines = createInterface({ input: required(child.stdout, 'the output') });
  const line = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)));
  });
  return { child, answer: JSON.parse(line) as Launched['answer'] };
}

export const launchElsewhere = (home: string, account?: { uid: number; gid: number }): Promise<Launched> =>
  runElsewhere('_launcher.ts', [home], account);

export async function endLaunched(child: ChildProcess, signal: 'SIGKILL' | 'close input'): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  if (signal === 'SIGKILL') child.kill('SIGKILL');
  else child.stdin?.end();
  await gone;
}
