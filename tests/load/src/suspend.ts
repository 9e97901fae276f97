/** SIGSTOP and SIGCONT for a server with all its processes: it keeps its connections and does nothing, as on a machine that swaps. */
import { readdir, readFile } from 'node:fs/promises';

/** Suspends the process and its descendants, which are read from /proc; answers their ids. */
export async function suspendAll(root: number | undefined): Promise<number[]> {
  if (root === undefined) throw new Error('the server does not run');
  // A suspended process starts no others, so nothing is missed that is looked for after the signal.
  const suspended: number[] = [];
  for (let fresh = [root]; fresh.length > 0; fresh = (await childrenOf(suspended)).filter((pid) => !suspended.includes(pid))) {
    for (const pid of fresh) process.kill(pid, 'SIGSTOP');
    suspended.push(...fresh);
  }
  return suspended;
}

/** Lets them go on, the last one first. */
export function resumeAll(pids: readonly number[]): void {
  for (const pid of pids.toReversed()) process.kill(pid, 'SIGCONT');
}

async function childrenOf(parents: readonly number[]): Promise<number[]> {
  const children: number[] = [];
  for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    if (parents.includes(Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))) children.push(Number(name));
  }
  return children;
}
