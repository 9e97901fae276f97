/** One running server: started, watched until it is ready, started again when it dies by itself, stopped on request. */
import type { ChildProcess } from 'node:child_process';
import { AppError, backoffMs, type Log, pause, required } from '@souk/kernel';
import type { Account } from './account.ts';
import { portTaken } from './port.ts';
import { clearOrphans, readPostmaster, stopServer } from './postmaster.ts';
import { spawnProgram } from './program.ts';
import type { ServerLog } from './server-log.ts';

/** Recovery after a crash replays at most max_wal_size, which takes seconds; a slow disk gets minutes. */
const readyTimeoutMs = 180_000;
const pollMs = 4;
const restartFirstMs = 50;
const restartMostMs = 10_000;
/** A server that ran this long had started well: its next failure starts the back-off anew. */
const soundAfterMs = 60_000;

export interface ServerOrder {
  postgres: string;
  pg_ctl: string;
  data: string;
  settings: Readonly<Record<string, string>>;
  account: Account | undefined;
  output: ServerLog;
  log: Log;
}

export interface ServerProcess {
  pid(): number;
  /** The last lines it wrote. */
  stderrTail(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts the server and resolves when it takes connections. Errors: `port_taken`, `embedded_postgres_failed` with what the server said. */
export async function runServer(order: ServerOrder): Promise<ServerProcess> {
  const { log } = order;
  const stopping = new AbortController();
  let child = await launch(order);

  const watch = async (): Promise<void> => {
    for (let failures = 0; ; ) {
      const started_ms = performance.now();
      await exited(child);
      if (stopping.signal.aborted) return;
      failures = performance.now() - started_ms > soundAfterMs ? 0 : failures;
      log.warn({ code: child.exitCode, signal: child.signalCode }, 'PostgreSQL died; starting it again');
      for (let alive = false; !alive; failures += 1) {
        await pause(backoffMs(failures, restartFirstMs, restartMostMs), stopping.signal);
        if (stopping.signal.aborted) return;
        alive = await relaunch();
      }
    }
  };

  const relaunch = async (): Promise<boolean> => {
    try {
      await clearOrphans(order.data, order.pg_ctl, log);
      child = await launch(order, stopping.signal);
      return true;
    } catch (error) {
      log.error({ err: error }, 'PostgreSQL could not be started again');
      return false;
    }
  };

  const watching = watch();
  return {
    pid: () => required(child.pid, 'the pid of the server'),
    stderrTail: () => order.output.tail(),
    stop: async () => {
      stopping.abort();
      if (child.exitCode === null && child.signalCode === null)
        await stopServer(required(child.pid, 'the pid of the server'), order.pg_ctl, log);
      await watching;
    },
  };
}

function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

async function launch(order: ServerOrder, signal?: AbortSignal): Promise<ChildProcess> {
  const settings = Object.entries(order.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawnProgram(order.postgres, ['-D', order.data, ...settings], order.account, order.output.fd, order.data);
  // The server is not a reason for our process to stay; who forgets to stop it leaves an orphan, which the next start finds.
  child.unref();
  const failed = new Promise<Error>((resolve) => {
    child.once('error', resolve);
    child.once('exit', (code, name) => resolve(new Error(`PostgreSQL ended with ${name ?? `code ${code}`}`)));
  });
  const until_ms = performance.now() + readyTimeoutMs;
  for (;;) {
    const failure = await Promise.race([failed, pause(pollMs)]);
    if (failure) throw await explain(order, failure);
    const found = await readPostmaster(order.data);
    if (found?.pid === child.pid && found?.status === 'ready') return child;
    if (performance.now() < until_ms && !signal?.aborted) continue;
    await stopServer(required(child.pid, 'the pid of the server'), order.pg_ctl, order.log);
    throw await explain(order, new Error('PostgreSQL was not ready in time'));
  }
}

async function explain(order: ServerOrder, failure: Error): Promise<AppError> {
  const stderr_tail = await order.output.tail();
  if (stderr_tail.includes('Address already in use')) return portTaken(Number(order.settings.port), failure);
  return new AppError('embedded_postgres_failed', `${failure.message}. It said:\n${stderr_tail}`, { stderr_tail }, failure);
}
