import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AppError, pause } from '@souk/kernel';
import { findFreePorts } from '@souk/kernel/ports';
import type { LinePrinter } from '../src/processes/log-lines.ts';
import { createSupervisor, type ProgramSpec, type Supervisor } from '../src/processes/supervisor.ts';

const program = fileURLToPath(new URL('./_program.mjs', import.meta.url));
const endWithParent = import.meta.resolve('@souk/local-servers/end-with-parent');
const patienceMs = 30_000;

let supervisor: Supervisor | undefined;
let output: string[] = [];

const printer: LinePrinter = {
  lines: (name, text) => output.push(...text.split('\n').map((line) => `${name}: ${line}`)),
  say: (name, text) => output.push(`${name}! ${text}`),
};

async function aProgram(name: string, env: Record<string, string> = {}, stop_stage = 0): Promise<ProgramSpec & { url: string }> {
  const [port = 0] = await findFreePorts(1, used);
  used.push(port);
  const url = `http://127.0.0.1:${port}`;
  return {
    name,
    command: process.execPath,
    args: [program],
    env: { PORT: String(port), ...env },
    ready_url: `${url}/health/ready`,
    stop_stage,
    url,
  };
}

const used: number[] = [];

function supervise(): Supervisor {
  output = [];
  supervisor = createSupervisor({
    printer,
    limits: { ready_within_ms: 20_000, stop_within_ms: 300, restart_first_ms: 20, restart_most_ms: 100 },
  });
  return supervisor;
}

async function until(probe: () => boolean | Promise<boolean>): Promise<void> {
  const ends = performance.now() + patienceMs;
  while (!(await probe())) {
    assert.ok(performance.now() < ends, `waited in vain; output:\n${output.join('\n')}`);
    await pause(10);
  }
}

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/health/ready`).then(
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

describe('the supervisor', () => {
  afterEach(() => supervisor?.stop());

  it('waits until all processes of a stage are ready, and prints their lines with their names', async () => {
    const [early, late] = [await aProgram('early'), await aProgram('late', { READY_AFTER_MS: '300' })];
    await supervise().start([early, late]);
    assert.deepEqual([await answers(early.url), await answers(late.url)], [true, true]);
    await until(() => output.filter((line) => /^(early|late): listens on \d+$/.test(line)).length === 2);
  });

  it('refuses with the last words of a process that ends before it is ready, and does not start it again', async () => {
    const wrong = await aProgram('wrong', { FAILS: 'INTERNAL_TOKEN is missing' });
    await assert.rejects(supervise().start([wrong]), (error: unknown) => {
      assert.ok(error instanceof AppError && error.code === 'service_unavailable');
      assert.match(error.message, /wrong ended \(status 3\) before it was ready\.\s+INTERNAL_TOKEN is missing/);
      return true;
    });
  });

  it('starts a process again that is killed before it is ready for the first time', async () => {
    const mortal = await aProgram('mortal', { READY_AFTER_MS: '1500' });
    const watch = supervise();
    const started = watch.start([mortal]);
    await until(() => output.some((line) => line.startsWith('mortal: begins')));
    process.kill(watch.pids()['mortal'] as number, 'SIGKILL');
    await started;
    assert.ok(await answers(mortal.url));
    assert.ok(output.some((line) => line.startsWith('mortal! ended (SIGKILL) before it was ready; starting it again')));
  });

  it('names a program that cannot be started', async () => {
    const absent = { ...(await aProgram('absent')), command: '/nowhere/node' };
    await assert.rejects(supervise().start([absent]), /absent ended \(it cannot be started: .*ENOENT/);
  });

  it('refuses a process that is not ready in time', async () => {
    const slow = await aProgram('slow', { READY_AFTER_MS: '60000' });
    supervisor = createSupervisor({ printer, limits: { ready_within_ms: 200, stop_within_ms: 300 } });
    await assert.rejects(supervisor.start([slow]), /slow was not ready within 0\.2 s/);
  });

  it('starts a process again when it is killed, each time', async () => {
    const mortal = await aProgram('mortal');
    const watch = supervise();
    await watch.start([mortal]);
    for (let death = 1; death <= 3; death += 1) {
      const pid = watch.pids()['mortal'] as number;
      process.kill(pid, 'SIGKILL');
      await until(() => isGone(pid));
      await until(() => answers(mortal.url));
      assert.notEqual(watch.pids()['mortal'], pid);
      await until(() => output.filter((line) => line.startsWith('mortal! ended (SIGKILL); starting it again')).length === death);
    }
  });

  it('stops the stages in order, kills what does not stop in time, and leaves nothing behind', async () => {
    const door = await aProgram('door', {}, 0);
    const rooms = [await aProgram('room-1', {}, 1), await aProgram('room-2', { STUBBORN: '1' }, 1)];
    const watch = supervise();
    await watch.start([...rooms, door]);
    const pids = Object.values(watch.pids());
    await watch.stop();
    assert.equal(pids.length, 3);
    assert.ok(pids.every(isGone));
    const stops = output.filter((line) => line.endsWith('told to stop')).map((line) => line.split(':')[0]);
    assert.equal(stops[0], 'door');
    assert.deepEqual(stops.slice(1).sort(), ['room-1', 'room-2']);
    assert.ok(output.some((line) => line.startsWith('room-2! did not stop within')));
  });

  it('stops a process that was just waiting to be started again', async () => {
    const dying = await aProgram('dying');
    supervisor = createSupervisor({ printer, limits: { restart_first_ms: 60_000, restart_most_ms: 60_000 } });
    output = [];
    await supervisor.start([dying]);
    process.kill(supervisor.pids()['dying'] as number, 'SIGKILL');
    await until(() => output.some((line) => line.startsWith('dying! ended (SIGKILL)')));
    await supervisor.stop();
    assert.equal(await answers(dying.url), false);
  });
});

describe('a process of the supervisor', () => {
  it('stops by itself when the supervisor is gone, however that went', async () => {
    const [port = 0] = await findFreePorts(1, used);
    used.push(port);
    const child = spawn(process.execPath, ['--import', endWithParent, program], {
      env: { PORT: String(port) },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await until(() => answers(`http://127.0.0.1:${port}`));
    child.stdin.destroy();
    const [code] = (await once(child, 'exit')) as [number | null];
    assert.equal(code, 0);
  });
});
