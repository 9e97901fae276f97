import { readdir, readFile } from 'node:fs/promises';
import { pause } from '@souk/kernel';

/** Unused database connections are closed after ten seconds; a platform is idle after that. */
const idleAfterMs = 15_000;

/** Proportional set size of a process and everything it started, in MB; Linux only, undefined elsewhere. */
export async function idleMemory(pid: number): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  await pause(idleAfterMs);
  const sizes = await Promise.all((await family(pid)).map(proportionalKib));
  return sizes.reduce((sum, size) => sum + size, 0) / 1_024;
}

async function family(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (parent > 0) parents.set(Number(name), parent);
  }
  const members = new Set([root]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [child, parent] of parents) {
      if (members.has(parent) && !members.has(child)) {
        members.add(child);
        grown = true;
      }
    }
  }
  return [...members];
}

async function proportionalKib(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
}
