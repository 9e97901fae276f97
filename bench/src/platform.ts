/** The shop under measurement: the same program `npm start` runs, as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pause, required } from '@souk/kernel';
import { claimPortBlock } from '@souk/kernel/ports';

export interface BenchPlatform {
  pid: number;
  home: string;
  gateway_url: string;
  urls: Record<string, string>;
  postgres_port: number;
  /** Seconds from the start of the program to the first confirmed order. */
  first_order_s: number;
  login(role: 'customer' | 'staff'): Promise<string>;
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL('../../tools/cli/src/main.ts', import.meta.url));
const startLimitMs = 180_000;
const probeMs = 20;
/** The gateway, six services, and further gateways from base + 10. */
const ports_in_block = 14;

export type WorldName = 'embedded' | 'distributed';

/** An empty home. Open to all: root's PostgreSQL runs as another account, and would keep its data elsewhere, where it is never removed. */
export async function makeHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'souk-bench-'));
  await chmod(home, 0o755);
  return home;
}

export interface StartOptions {
  env?: Readonly<Record<string, string>>;
  /** The file for what the shop writes; by default it is discarded. */
  output?: string;
}

export async function startPlatform(home: string, world: WorldName, options: StartOptions = {}): Promise<BenchPlatform> {
  const output = options.output === undefined ? undefined : await open(options.output, 'w');
  const port_base = await claimPortBlock(ports_in_block);
  const started = performance.now();
  const child = spawn(process.execPath, [main, world === 'embedded' ? 'start' : 'up'], {
    stdio: ['ignore', output?.fd ?? 'ignore', 'inherit'],
    env: {
      ...process.env,
      SOUK_HOME: home,
      PORT_BASE: String(port_base),
      RATE_LIMIT: 'off',
      OPEN_ORDERS_MAX: '1000000',
      OPEN_PIECES_MAX: '1000000',
      SOUK_BENCH: '1',
      PASSWORD_MEMORY_KIB: '64',
      LOG_LEVEL: 'error',
      ...options.env,
    },
  });
  await output?.close();
  try {
    return await onceItSells(child, home, started);
  } catch (error) {
    await stopChild(child);
    throw error;
  }
}

/** Resolves when the first order is confirmed. */
async function onceItSells(child: ChildProcess, home: string, started: number): Promise<BenchPlatform> {
  const note = await waitForNote(child, home);
  const platform: BenchPlatform = {
    pid: required(child.pid, 'the process'),
    home,
    gateway_url: note.gateway_url,
    urls: note.urls,
    postgres_port: note.postgres_port,
    first_order_s: 0,
    login: (role) => login(home, note.urls['users'] as string, role),
    stop: () => stopChild(child),
  };
  await placeFirstOrder(platform);
  platform.first_order_s = (performance.now() - started) / 1_000;
  return platform;
}

interface Note {
  gateway_url: string;
  urls: Record<string, string>;
  postgres_port: number;
}

async function waitForNote(child: ChildProcess, home: string): Promise<Note> {
  const end = performance.now() + startLimitMs;
  while (performance.now() < end && child.exitCode === null) {
    const note = await readFile(join(home, 'running.json'), 'utf8').catch(() => undefined);
    if (note !== undefined) return JSON.parse(note) as Note;
    await pause(probeMs);
  }
  throw new Error('The shop did not start.');
}

async function login(home: string, users_url: string, role: string): Promise<string> {
  const accounts = JSON.parse(await readFile(join(home, 'secrets', 'accounts.json'), 'utf8')) as {
    role: string;
    username: string;
    password: string;
  }[];
  const account = required(
    accounts.find((candidate) => candidate.role === role),
    role,
  );
  const response = await fetch(`${users_url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: account.username, password: account.password }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

async function placeFirstOrder(platform: BenchPlatform): Promise<void> {
  const token = await platform.login('customer');
  const products = (await (await fetch(`${platform.gateway_url}/api/products?in_stock=true&limit=1`)).json()) as { id: string }[];
  const response = await fetch(`${platform.gateway_url}/api/orders`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', prefer: 'wait=30' },
    body: JSON.stringify({
      items: [{ product_id: required(products[0], 'a product').id, quantity: 1 }],
      shipping_address: { street: '1 Market Square', city: 'Lisbon', postal_code: '1100-148', country: 'PT' },
      payment_method: 'tok_visa',
    }),
  });
  const order = (await response.json()) as { status?: string };
  if (order.status !== 'confirmed') throw new Error(`The first order is not confirmed: ${JSON.stringify(order)}`);
}

function stopChild(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
