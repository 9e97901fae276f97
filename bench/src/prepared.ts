/**
 * nginx and a gateway of its own before a service that answers with prepared bytes. Where the system lets us, the proxy has one core and
 * everything else the other: then the proxy is what the requests wait for, and its CPU is what a request costs it.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pause } from '@souk/kernel';
import { claimPortBlock } from '@souk/kernel/ports';
import { type Nginx, startNginx } from './nginx.ts';
import type { PreparedAnswers } from './prepared-service.ts';
import type { PlainRequest } from './request-rounds.ts';

export interface Prepared {
  nginx: Nginx | undefined;
  gateway: { url: string; pid: number };
  /** In front of the command of a process that is not measured. */
  aside: readonly string[];
  close(): Promise<void>;
}

export interface PreparedOptions {
  home: string;
  /** A gateway that runs: the prepared one gets its environment, but for the services it knows. */
  gateway_pid: number;
  /** Addresses of the real services, by name. */
  urls: Readonly<Record<string, string>>;
  /** The row's requests, and the service that answers them. */
  service: string;
  requests: readonly PlainRequest[];
}

const program = fileURLToPath(new URL('./prepared-service.ts', import.meta.url));
const gateway = fileURLToPath(new URL('../../services/gateway/src/main.ts', import.meta.url));
const flags = new URL('../../infrastructure/docker/node-flags', import.meta.url);
const startLimitMs = 20_000;
const pollMs = 50;
const health = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{"status":"healthy"}';

export async function startPrepared(options: PreparedOptions): Promise<Prepared> {
  const [own, aside] = cores();
  const children: ChildProcess[] = [];
  const close = async (): Promise<void> => {
    await nginx?.close();
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map(ended));
  };
  let nginx: Nginx | undefined;
  try {
    const service = spawnOn(aside, [program], process.env);
    children.push(service);
    service.stdin?.end(JSON.stringify(await recorded(options)));
    const service_url = `http://127.0.0.1:${await portOf(service)}`;
    const port = await claimPortBlock(1);
    const names = Object.keys(options.urls).filter((name) => name !== 'gateway');
    const env = await environmentOf(options.gateway_pid);
    const proxy = spawnOn(own, [...(await nodeFlags()), gateway], {
      ...env,
      ...{
        PORT: String(port),
        STATE_FOLDER: join(options.home, 'prepared'),
        INSTALLATION: 'prepared',
        INSTANCE_ID: 'gateway-prepared',
        GATEWAY_URL: '',
      },
      ...{ STATIC_SERVICES: names.map((name) => `${name}=${service_url}`).join(';'), STATIC_SERVICES_PROOF: 'none' },
    });
    children.push(proxy);
    const url = `http://127.0.0.1:${port}`;
    await untilWell(proxy, url);
    nginx = await startNginx(options.home, Object.fromEntries(names.map((name) => [name, service_url])));
    if (nginx !== undefined && own.length > 0)
      for (const pid of nginx.pids) execFileSync('taskset', ['-cp', '0', String(pid)], { stdio: 'ignore' });
    return { nginx, gateway: { url, pid: proxy.pid as number }, aside, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The first core for the proxy and the second for the rest; nothing where there are no two, or no taskset. */
function cores(): readonly [own: readonly string[], aside: readonly string[]] {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
  } catch {
    return [[], []];
  }
  return availableParallelism() < 2
    ? [[], []]
    : [
        ['taskset', '-c', '0'],
        ['taskset', '-c', '1'],
      ];
}

function spawnOn(core: readonly string[], words: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const [command = process.execPath, ...rest] = [...core, process.execPath, ...words];
  return spawn(command, rest, { env, stdio: ['pipe', 'pipe', 'inherit'] });
}

async function nodeFlags(): Promise<string[]> {
  return (await readFile(flags, 'utf8')).split('\n').filter((line) => line.startsWith('--'));
}

async function environmentOf(pid: number): Promise<Record<string, string>> {
  const lines = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0').filter((line) => line.includes('='));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** What the real services answer, with the key set for tokens. */
async function recorded({ urls, service, requests }: PreparedOptions): Promise<PreparedAnswers> {
  const keys = '/.well-known/jwks.json';
  const answers: Record<string, string> = { '/health/ready': health, '/health/live': health };
  answers[keys] = await rawAnswer(urls['users'] as string, { method: 'GET', path: keys, headers: {} });
  for (const request of requests) {
    answers[request.path] ??= await rawAnswer(urls[service] as string, request);
  }
  return { answers, otherwise: health };
}

/** The bytes of an answer that has a length. */
function rawAnswer(address: string, { method, path, headers, body = '' }: PlainRequest): Promise<string> {
  const { hostname, port, host } = new URL(address);
  const lines = Object.entries({ host, ...headers, ...(body !== '' && { 'content-length': String(Buffer.byteLength(body)) }) });
  const text = lines.map(([name, value]) => `${name}: ${value.replace('{number}', 'prepared')}\r\n`).join('');
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.setEncoding('latin1').on('error', reject);
    socket.on('data', (piece: string) => {
      answer += piece;
      const end = answer.indexOf('\r\n\r\n');
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(answer.slice(0, Math.max(0, end)))?.[1] ?? Number.NaN);
      if (end < 0 || answer.length < end + 4 + length) return;
      socket.destroy();
      if (Number.isNaN(length) || !answer.startsWith('HTTP/1.1 2'))
        reject(new Error(`${path} cannot be prepared: ${answer.slice(0, 200)}`));
      else resolve(answer);
    });
    socket.write(`${method} ${path} HTTP/1.1\r\n${text}\r\n${body}`, 'latin1');
  });
}

async function portOf(child: ChildProcess): Promise<number> {
  for await (const line of child.stdout ?? []) return (JSON.parse(String(line)) as { port: number }).port;
  throw new Error('The prepared service did not start.');
}

/** Until the gateway answers; what it writes from then on is discarded, as that of a shop is. */
async function untilWell(child: ChildProcess, url: string): Promise<void> {
  child.stdout?.resume();
  for (const end = performance.now() + startLimitMs; performance.now() < end && child.exitCode === null; await pause(pollMs)) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    if (answer?.ok && ((await answer.json()) as { status: string }).status === 'healthy') return;
  }
  throw new Error('The prepared gateway did not start.');
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
}
