import { spawn } from 'node:child_process';
import type { Account } from './data-directory.ts';

/** The whole environment of PostgreSQL's programs: nothing of ours (secrets, PG… variables) reaches them. */
export const programEnv = { PATH: '/usr/bin:/bin', LANG: 'C', TZ: 'UTC' } as const;

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
    const child = spawn(program, args, { ...account, cwd, env: programEnv, detached: true, windowsHide: true });
    let said = '';
    const onLine = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-saidMax);
    };
    child.stdout.on('data', onLine);
    child.stderr.on('data', onLine);
    // A program that ends without reading its input says why on its own.
    child.stdin.on('error', (error) => onLine(Buffer.from(`${error.message}\n`)));
    child.stdin.end(input);
    const timer = setTimeout(() => child.kill('SIGKILL'), timeout_ms);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, said });
    });
  });
}
