import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { pause } from '@souk/kernel';
import { claimPortBlock } from '@souk/kernel/ports';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const patienceMs = 100_000;

interface Note {
  gateway_url: string;
  postgres_port: number;
  processes: { name: string; url: string; pid: number }[];
}

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

let home = '';
let env: NodeJS.ProcessEnv = {};
let output = '';
let child: ChildProcess | undefined;

function souk(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}

async function until<T>(probe: () => T | undefined | Promise<T | undefined>, what: string): Promise<T> {
  const ends = performance.now() + patienceMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    assert.ok(performance.now() < ends && child?.exitCode === null, `waited in vain for ${what}:\n${output}`);
    await pause(50);
  }
}

function launch(...args: string[]): void {
  output = '';
  child = spawn(process.execPath, [main, 'up', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
}

const ended = (): Promise<number | null> =>
  new Promise((resolve) => (child?.exitCode !== null ? resolve(child?.exitCode ?? null) : child.once('exit', resolve)));
const note = async (): Promise<Note> => JSON.parse(await readFile(join(home, 'running.json'), 'utf8')) as Note;
const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );

const isGone = (pid: number): boolean => {
  try {
    return !process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
};

/** Places an order and waits for its end. */
async function order(gateway_url: string): Promise<string> {
  const authorization = `Bearer ${(await souk('token')).stdout.trim()}`;
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
}

/** The gateway, six services, and further gateways from base + 10. */
const ports_in_block = 14;

describe('souk up', () => {
  after(async () => {
    child?.kill('SIGKILL');
    await rm(home, { recursive: true, force: true });
  });

  it('brings up replicas on private servers, sells, restarts what is killed, and stops without a trace', async () => {
    home = await mkdtemp(join(tmpdir(), 'souk-up-'));
    const port_base = await claimPortBlock(ports_in_block);
    env = { ...process.env, SOUK_HOME: home, PORT_BASE: String(port_base), LOG_LEVEL: 'warn', NODE_TEST_CONTEXT: undefined };
    launch('--replicas', 'orders=2,gateway=2');
    await until(() => output.includes('Ctrl-C stops everything') || undefined, 'the platform');
    const before = await note();
    assert.deepEqual(
      before.processes.map(({ name }) => name),
      ['gateway-1', 'gateway-2', 'users-1', 'products-1', 'orders-1', 'orders-2', 'notifications-1', 'inventory-1', 'payments-1'],
    );
    for (const gateway of before.processes.slice(0, 2)) assert.equal(await order(gateway.url), 'confirmed', gateway.name);

    for (const name of ['orders-2', 'gateway-1']) {
      const victim = before.processes.find((each) => each.name === name);
      process.kill(victim?.pid ?? 0, 'SIGKILL');
      const again = await until(
        async () => (await note()).processes.find((each) => each.name === name && ![null, victim?.pid].includes(each.pid)),
        name,
      );
      await until(async () => (await answers(again.url)) || undefined, `${name} to be ready again`);
      assert.match(output, new RegExp(`${name} +│ ended \\(SIGKILL\\); starting it again`));
    }
    assert.equal(await order(before.gateway_url), 'confirmed');
    const audit = await souk('audit', '--grace', '0');
    assert.equal(audit.code, 0, audit.stdout + audit.stderr);
    assert.equal((await souk('dead', 'list')).stdout, 'There are no dead letters.\n');
    assert.match((await souk('up')).stderr, /is running already/);

    const { processes } = await note();
    child?.kill('SIGINT');
    assert.equal(await ended(), 0, output);
    assert.ok(processes.every(({ pid }) => isGone(pid)));
    await assert.rejects(note(), { code: 'ENOENT' });
  });

  it('leaves no service behind when it is killed itself, and starts again on what is left', async () => {
    launch();
    await until(() => output.includes('Ctrl-C stops everything') || undefined, 'the platform');
    const { processes } = await note();
    child?.kill('SIGKILL');
    await ended();
    const ends = performance.now() + patienceMs;
    while (!processes.every(({ pid }) => isGone(pid))) {
      assert.ok(performance.now() < ends, 'services are still there');
      await pause(50);
    }
    launch();
    await until(() => output.includes('Ctrl-C stops everything') || undefined, 'the platform');
    assert.equal(await order((await note()).gateway_url), 'confirmed');
    child?.kill('SIGTERM');
    assert.equal(await ended(), 0, output);
  });
});
