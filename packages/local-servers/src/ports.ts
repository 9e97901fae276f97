import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { AppError, required } from '@souk/kernel';
import { findFreePorts } from '@souk/kernel/ports';
import { commandOf } from './processes.ts';

const host = '127.0.0.1';
const portAttemptsMax = 3;

function occupy(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => resolve(server));
  });
}

/** `wanted`, when it is free now. Errors: `port_taken` with the pid and command of the holder, `port_refused` by the system. */
export async function freePort(wanted: number): Promise<number> {
  try {
    const server = await occupy(wanted);
    await new Promise((resolve) => server.close(resolve));
    return wanted;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') throw new AppError('port_refused', `Port ${wanted} may not be used by this account.`, { port: wanted }, error);
    if (code !== 'EADDRINUSE') throw error;
    throw await portTaken(wanted, error);
  }
}

/** Starts something on the port asked for; without one, on a free port, another one when that was taken in between. */
export async function startOnPort<T>(wanted: number | undefined, start: (port: number) => Promise<T>): Promise<T> {
  for (let attempts_left = wanted === undefined ? portAttemptsMax : 1; ; attempts_left -= 1) {
    const port = wanted === undefined ? required((await findFreePorts(1))[0], 'a free port') : await freePort(wanted);
    try {
      return await start(port);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'port_taken' || attempts_left <= 1) throw error;
    }
  }
}

/** The refusal that says who holds the port. */
export async function portTaken(port: number, cause?: unknown): Promise<AppError> {
  const holder = await portHolder(port);
  const by = holder === undefined ? 'another program' : `process ${holder.pid} (${holder.command})`;
  return new AppError('port_taken', `Port ${port} is taken by ${by}.`, { port, ...holder }, cause);
}

/** Who listens on the port, as far as this account may know (Linux only). */
async function portHolder(port: number): Promise<{ pid: number; command: string } | undefined> {
  const inodes = await listeningInodes(port);
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
      if (inodes.has(target)) return { pid: Number(pid), command: commandOf(Number(pid)).slice(0, 200) };
    }
  }
  return undefined;
}

/** The sockets that listen on the port, as /proc writes them in a process's list of open files. */
async function listeningInodes(port: number): Promise<Set<string>> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')));
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const listening = '0A';
  const rows = tables.flatMap((table) => table.split('\n').map((line) => line.trim().split(/\s+/)));
  return new Set(rows.filter((row) => row[1]?.endsWith(suffix) && row[3] === listening).map((row) => `socket:[${row[9]}]`));
}
