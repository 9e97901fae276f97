import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pause } from '@souk/kernel';
import { claimPortBlock } from '@souk/kernel/ports';
import { anUpProcess, type UpProcess } from './_up-process.ts';

const patienceMs = 100_000;

interface Note {
  gateway_url: string;
  postgres_port: number;
  processes: { name: string; url: string; pid: number }[];
}

let home = '';
let up: UpProcess;

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

/** The gateway, six services, and further gateways from base + 10. */
const ports_in_block = 14;

describe('souk up', () => {
  after(async () => {
    up.signal('SIGKILL');
    await rm(home, { recursive: true, force: true });
  });

  it('brings up replicas on private servers, sells, restarts what is killed, and stops without a trace', async () => {
    home = await mkdtemp(join(tmpdir(), 'souk-up-'));
    // Open to all: root's PostgreSQL runs as another account, and would keep its data elsewhere, where nobody removes it.
    await chmod(home, 0o755);
    const port_base = await claimPortBlock(ports_in_block);
    up = anUpProcess({
      ...process.env,
      SOUK_HOME: home,
      PORT_BASE: String(port_base),
      LOG_LEVEL: 'warn',
      NODE_TEST_CONTEXT: undefined,
    });
    up.launch('--replicas', 'orders=2,gateway=2');
    await up.isUp();
    const before = await note();
    assert.deepEqual(
      before.processes.map(({ name }) => name),
      ['gateway-1', 'gateway-2', 'users-1', 'products-1', 'orders-1', 'orders-2', 'notifications-1', 'inventory-1', 'payments-1'],
    );
    for (const gateway of before.processes.slice(0, 2)) assert.equal(await up.order(gateway.url), 'confirmed', gateway.name);

    for (const name of ['orders-2', 'gateway-1']) {
      const victim = before.processes.find((each) => each.name === name);
      process.kill(victim?.pid ?? 0, 'SIGKILL');
      const again = await up.until(
        async () => (await note()).processes.find((each) => each.name === name && ![null, victim?.pid].includes(each.pid)),
        name,
      );
      await up.until(async () => (await answers(again.url)) || undefined, `${name} to be ready again`);
      assert.match(up.output(), new RegExp(`${name} +│ ended \\(SIGKILL\\); starting it again`));
    }
    assert.equal(await up.order(before.gateway_url), 'confirmed');
    const audit = await up.souk('audit', '--grace', '0');
    assert.equal(audit.code, 0, audit.stdout + audit.stderr);
    assert.equal((await up.souk('dead', 'list')).stdout, 'There are no dead letters.\n');
    assert.match((await up.souk('up')).stderr, /is running already/);

    const { processes } = await note();
    up.signal('SIGINT');
    assert.equal(await up.ended(), 0, up.output());
    assert.ok(processes.every(({ pid }) => isGone(pid)));
    await assert.rejects(note(), { code: 'ENOENT' });
  });

  it('leaves no service behind when it is killed itself, and starts again on what is left', async () => {
    up.launch();
    await up.isUp();
    const { processes } = await note();
    up.signal('SIGKILL');
    await up.ended();
    const ends = performance.now() + patienceMs;
    while (!processes.every(({ pid }) => isGone(pid))) {
      assert.ok(performance.now() < ends, 'services are still there');
      await pause(50);
    }
    up.launch();
    await up.isUp();
    assert.equal(await up.order((await note()).gateway_url), 'confirmed');
    up.signal('SIGTERM');
    assert.equal(await up.ended(), 0, up.output());
  });
});
