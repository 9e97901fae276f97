/**
 * Which test files run at the same moment. Many of them wait most of the time (for a lease to end, for an alert to fire), others keep
 * a core busy: a fixed number of them either leaves cores idle or lets limits of time pass. So node:test starts more processes than
 * the machine can take, and each asks here for its turn before it begins.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

/** So many run whatever the machine says. */
const filesMin = 2;
/** And never more: each may have ten processes of its own. */
export const filesMax = 4;
/** Another one begins when at least this share of all cores has done nothing since the last look. */
const idleShareMin = 0.4;
/** Longer than a file takes to show what it does to the cores. */
const lookEveryMs = 1_000;

/** Decides whether one more may begin. `idle_share` is between 0 and 1. */
export function mayBegin(running: number, idle_share: number): boolean {
  return running < filesMin || (running < filesMax && idle_share >= idleShareMin);
}

export interface TestTurns {
  /** Where a process asks; it has its turn as soon as a byte comes, and until it closes the connection. */
  address: string;
  close(): Promise<void>;
}

/** Gives turns in the order of asking. `readIdleShare` says how idle the machine has been since it was called last. */
export async function startTestTurns(readIdleShare: () => number = idleShareReader()): Promise<TestTurns> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-turns-'));
  const address = process.platform === 'win32' ? `\\\\.\\pipe\\${folder.replaceAll(/\W+/g, '-')}` : join(folder, 'socket');
  const waiting = new Set<Socket>();
  const running = new Set<Socket>();
  const begin = (idle_share: number): void => {
    const [next] = waiting;
    if (next === undefined || !mayBegin(running.size, idle_share)) return;
    waiting.delete(next);
    running.add(next);
    next.write('.');
  };
  const server = createServer((socket) => {
    waiting.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      waiting.delete(socket);
      running.delete(socket);
      begin(0);
    });
    begin(0);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(address, resolve));
  // One at each look: what has just begun is not seen yet in what the cores do.
  const looks = setInterval(() => begin(readIdleShare()), lookEveryMs);
  return {
    address,
    async close() {
      clearInterval(looks);
      for (const socket of [...waiting, ...running]) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** By the counters of the system, from one call to the next. */
function idleShareReader(): () => number {
  const read = (): { idle: number; all: number } => {
    const times = cpus().map((cpu) => cpu.times);
    const sum = (of: (one: (typeof times)[number]) => number): number => times.reduce((total, one) => total + of(one), 0);
    return { idle: sum(({ idle }) => idle), all: sum(({ idle, user, sys, nice, irq }) => idle + user + sys + nice + irq) };
  };
  let last = read();
  return () => {
    const now = read();
    const share = now.all === last.all ? 0 : (now.idle - last.idle) / (now.all - last.all);
    last = now;
    return share;
  };
}
