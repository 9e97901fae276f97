import { type ChildProcess, spawn } from 'node:child_process';
import type { Account } from './account.ts';

/**
 * Starts a program of PostgreSQL. Its surroundings are fixed: nothing of ours (secrets, PG… variables) reaches it. It is
 * a process group of its own, so that Ctrl-C in a terminal stops us first and not the database under us.
 */
export function spawnProgram(
  program: string,
  args: readonly string[],
  account: Account | undefined,
  output: number | 'pipe',
  cwd: string,
): ChildProcess {
  return spawn(program, args, {
    ...(account ?? {}),
    cwd,
    env: { PATH: '/usr/bin:/bin', LANG: 'C', TZ: 'UTC' },
    detached: true,
    windowsHide: true,
    stdio: [output === 'pipe' ? 'pipe' : 'ignore', output, output],
  });
}

/** Runs a program to its end, at most `timeout_ms`, and hands it `input`; `said` is the last it wrote. */
export function runProgram(
  program: string,
  args: readonly string[],
  account: Account | undefined,
  cwd: string,
  timeout_ms: number,
  input = '',
): Promise<{ code: number | null; said: string }> {
  const saidMax = 8_000;
  return new Promise((resolve, reject) => {
    const child = spawnProgram(program, args, account, 'pipe', cwd);
    let said = '';
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-saidMax);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    // A program that ends without reading its input says why on its own.
    child.stdin?.on('error', (error) => hear(Buffer.from(`${error.message}\n`)));
    child.stdin?.end(input);
    const timer = setTimeout(() => child.kill('SIGKILL'), timeout_ms);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, said });
    });
  });
}
