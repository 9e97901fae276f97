/** `souk up` as a process of its own. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { doneWithin, probePause } from '@souk/kernel';
import { claimPortBlock } from '@souk/kernel/ports';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
/** A test that is killed leaves no platform behind: its standard input ends, and with that the platform. */
const endWithParent = import.meta.resolve('@souk/local-servers/end-with-parent');
const patienceMs = 150_000;
const stopLimitMs = 30_000;

/** What a running platform writes into its home. */
export interface Note {
  gateway_url: string;
  postgres_port: number;
  processes: { name: string; url: string; pid: number }[];
}

export interface UpHome {
  home: string;
  up: UpProcess;
  note(): Promise<Note>;
  /** Stops what is left and removes the home. */
  end(): Promise<void>;
}

/** The gateway, seven services, and further gateways from base + 10. */
const ports_in_block = 14;

/** A home and ports of its own; `variables` join the environment of the shop. */
export async function anUpHome(variables: Readonly<Record<string, string>> = {}): Promise<UpHome> {
  const home = await mkdtemp(join(tmpdir(), 'souk-up-'));
  // Open to all: root's PostgreSQL runs as another account, and would keep its data elsewhere, where nobody removes it.
  await chmod(home, 0o755);
  const port_base = await claimPortBlock(ports_in_block);
  const env = { SOUK_HOME: home, PORT_BASE: String(port_base), LOG_LEVEL: 'warn', NODE_TEST_CONTEXT: undefined };
  const up = anUpProcess({ ...process.env, ...env, ...variables });
  return {
    home,
    up,
    note: async () => JSON.parse(await readFile(join(home, 'running.json'), 'utf8')) as Note,
    async end() {
      // A test that failed in the middle leaves a whole platform, whose servers only it can stop.
      if (up.isRunning()) {
        up.signal('SIGINT');
        await doneWithin(up.ended(), stopLimitMs);
        up.signal('SIGKILL');
      }
      await rm(home, { recursive: true, force: true });
    },
  };
}

export function isGone(pid: number): boolean {
  try {
    return !process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

export interface UpProcess {
  /** What it printed since its last launch. */
  output(): string;
  launch(...args: string[]): void;
  /** Resolves when it says that it is up. */
  isUp(): Promise<void>;
  /** Probes until it answers something, for as long as the process is there. */
  until<T>(probe: () => T | undefined | Promise<T | undefined>, what: string): Promise<T>;
  signal(name: NodeJS.Signals): void;
  /** To it and to whatever shares its process group, as a terminal sends Ctrl-C. */
  signalGroup(name: NodeJS.Signals): void;
  isRunning(): boolean;
  ended(): Promise<number | null>;
  /** Another command beside it. */
  souk(...args: string[]): Promise<Outcome>;
  /** Places an order and answers its status at the end. */
  order(gateway_url: string): Promise<string>;
}

export function anUpProcess(env: NodeJS.ProcessEnv): UpProcess {
  let output = '';
  let child: ChildProcess | undefined;
  const up: UpProcess = {
    output: () => output,
    launch(...args) {
      output = '';
      child = spawn(process.execPath, ['--import', endWithParent, main, 'up', ...args], { env, stdio: 'pipe', detached: true });
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    },
    async isUp() {
      await up.until(() => output.includes('Ctrl-C stops everything') || undefined, 'the platform');
    },
    async until(probe, what) {
      const since_ms = performance.now();
      for (;;) {
        const found = await probe();
        if (found !== undefined && found !== false) return found;
        assert.ok(performance.now() < since_ms + patienceMs && child?.exitCode === null, `waited in vain for ${what}:\n${output}`);
        await probePause(since_ms, 50);
      }
    },
    signal: (name) => void child?.kill(name),
    signalGroup: (name) => {
      if (child?.pid !== undefined) process.kill(-child.pid, name);
    },
    isRunning: () => child?.exitCode === null && child.signalCode === null,
    ended: () => new Promise((resolve) => (child?.exitCode !== null ? resolve(child?.exitCode ?? null) : child.once('exit', resolve))),
    souk: (...args) =>
      new Promise((resolve) => {
        execFile(process.execPath, [main, ...args], { env }, (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
        );
      }),
    async order(gateway_url) {
      const authorization = `Bearer ${(await up.souk('token')).stdout.trim()}`;
      const [product] = (await (await fetch(`${gateway_url}/api/products?in_stock=true&limit=1`)).json()) as { id: string }[];
      const shipping_address = { street: '1 Market Square', city: 'Lisbon', postal_code: '1100-148', country: 'PT' };
      const answer = await fetch(`${gateway_url}/api/orders`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json', prefer: 'wait=20', 'idempotency-key': crypto.randomUUID() },
        body: JSON.stringify({ items: [{ product_id: product?.id, quantity: 1 }], shipping_address, payment_method: 'tok_visa' }),
      });
      const body = (await answer.json()) as { status: string };
      assert.equal(answer.status, 201, JSON.stringify(body));
      return body.status;
    },
  };
  return up;
}
