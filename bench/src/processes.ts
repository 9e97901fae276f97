/** The processes of a platform and the CPU each kind of them has used, from /proc (Linux). */
import { readdir, readFile } from 'node:fs/promises';

/** A process and all its descendants. */
export async function family(root: number): Promise<number[]> {
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

/** CPU seconds used so far, by what a process is: a service, PostgreSQL, RabbitMQ, Redis or the command itself. */
export async function cpuSeconds(root: number): Promise<Map<string, number>> {
  const seconds = new Map<string, number>();
  for (const pid of await family(root)) {
    const [stat, command] = await Promise.all([read(`/proc/${pid}/stat`), read(`/proc/${pid}/cmdline`)]);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const kind = kindOf(command.replaceAll('\0', ' '), pid === root);
    // With the time of children that have ended: database connections come and go.
    const ticks = [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field] ?? 0), 0);
    seconds.set(kind, (seconds.get(kind) ?? 0) + ticks / ticksPerSecond);
  }
  return seconds;
}

/** CPU seconds these processes have used so far. */
export async function processSeconds(pids: readonly number[]): Promise<number> {
  const ticks = await Promise.all(
    pids.map(async (pid) => {
      const stat = await read(`/proc/${pid}/stat`);
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
    }),
  );
  return ticks.reduce((sum, one) => sum + one, 0) / ticksPerSecond;
}

/** The processes of a platform by what they are. */
export async function familyByKind(root: number): Promise<Map<string, number[]>> {
  const kinds = new Map<string, number[]>();
  for (const pid of await family(root)) {
    const kind = kindOf((await read(`/proc/${pid}/cmdline`)).replaceAll('\0', ' '), pid === root);
    kinds.set(kind, [...(kinds.get(kind) ?? []), pid]);
  }
  return kinds;
}

/** Resident memory of these processes, in MB. */
export async function residentMb(pids: readonly number[]): Promise<number> {
  const sizes = await Promise.all(pids.map(async (pid) => Number(/^VmRSS:\s+(\d+) kB/m.exec(await read(`/proc/${pid}/status`))?.[1] ?? 0)));
  return sizes.reduce((sum, size) => sum + size, 0) / 1_024;
}

const ticksPerSecond = 100;

function kindOf(command: string, is_root: boolean): string {
  const service = /services\/([a-z]+)\/src\/main\.ts/.exec(command)?.[1];
  if (service !== undefined) return service;
  if (is_root) return 'shop';
  if (/postgres/.test(command)) return 'PostgreSQL';
  if (/beam\.smp|erl|rabbitmq|epmd/.test(command)) return 'RabbitMQ';
  return /redis-server/.test(command) ? 'Redis' : 'other';
}

function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
