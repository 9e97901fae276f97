import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = new URL('../../../../', import.meta.url);

/** Runs a program of the repository in a process of its own and answers its exit code. Options that were read here go as one word, as JSON; `flags` are Node's. */
export function runProgram(path: string, args: readonly string[], flags: readonly string[] = []): Promise<number> {
  const child = spawn(process.execPath, [...flags, fileURLToPath(new URL(path, root)), ...args], { stdio: 'inherit' });
  // The terminal signals the child as well; this process only waits for it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
