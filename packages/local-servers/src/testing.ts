/** What tests of servers and their processes share. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Log, probePause, required } from '@souk/kernel';

const untilTimeoutMs = 10_000;
const untilPollMs = 5;

/** A log that keeps its lines. */
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
  const since_ms = performance.now();
  while (!(await holds())) {
    if (performance.now() > since_ms + untilTimeoutMs) throw new Error(`did not happen: ${what}`);
    await probePause(since_ms, untilPollMs);
  }
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

/** Starts a script in a process of its own, and waits for its first line. */
export async function runElsewhere(script: URL, args: readonly string[], account?: { uid: number; gid: number }): Promise<Launched> {
  const child = spawn(process.execPath, [fileURLToPath(script), ...args], {
    ...account,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: '/usr/bin:/bin' },
  });
  const lines = createInterface({ input: required(child.stdout, 'the output') });
  const line = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${script.href} ended with ${code}`)));
  });
  return { child, answer: JSON.parse(line) as Launched['answer'] };
}

/** Ends it by force, or by the end of its input. */
export async function endLaunched(child: ChildProcess, signal: 'SIGKILL' | 'close input'): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  if (signal === 'SIGKILL') child.kill('SIGKILL');
  else child.stdin?.end();
  await gone;
}
