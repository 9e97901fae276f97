import { readFile } from 'node:fs/promises';
import { pause } from '@souk/kernel';
import { family } from './processes.ts';

/** Unused database connections are closed after ten seconds; a platform is idle after that. */
const idleAfterMs = 15_000;

/** Proportional set size of a process and everything it started, in MB; Linux only, undefined elsewhere. */
export async function idleMemory(pid: number): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  await pause(idleAfterMs);
  const sizes = await Promise.all((await family(pid)).map(proportionalKib));
  return sizes.reduce((sum, size) => sum + size, 0) / 1_024;
}

async function proportionalKib(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
}
