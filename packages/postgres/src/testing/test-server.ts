import { existsSync, rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLog } from '@souk/kernel';
import { isAlive } from '@souk/local-servers';
import { clearOrphans, startEmbeddedPostgres } from '@souk/local-servers/postgres';
import { testConfig } from '../config.ts';

export interface TestPostgres {
  superuser_url: string;
  port: number;
  /** Ends the server; the answered function starts it again on the same port and data. */
  outage(): Promise<() => Promise<void>>;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

/**
 * Enough for a dozen test processes, yet small: a machine may run several servers. Deadlocks are made on purpose, so they are looked for
 * soon. The data outlives killed processes, which tests make, but not the machine, with which it is thrown away.
 */
const usual = { max_connections: '200', shared_buffers: '32MB', deadlock_timeout: '50ms', fsync: 'off', full_page_writes: 'off' };
const lastStopMs = 3_000;
const lastStopPollMs = 5;

/** Where the test servers of this account have their programs; with SOUK_POSTGRES_SHARED set to it, the shops that tests start as well. */
export function sharedPostgresFolder(): string {
  return join(testConfig().temp_folder, `souk-test-native-${process.getuid?.() ?? 0}`);
}

/**
 * Starts a server in a temporary folder, for this process or, with SOUK_TEST_POSTGRES_URL set to its `superuser_url`, for
 * the test processes it starts. It is stopped and its folder removed at the latest when this process exits; what a
 * killed process left behind, the next start clears away. `settings` of the server replace the usual ones of a test.
 */
export async function startTestPostgres(settings: Readonly<Record<string, string>> = {}): Promise<TestPostgres> {
  const { temp_folder } = testConfig();
  const user = process.getuid?.() ?? 0;
  const prefix = `souk-test-${user}-`;
  await clearLeftovers(temp_folder, prefix);
  const binaries_folder = sharedPostgresFolder();
  await mkdir(binaries_folder, { recursive: true, mode: 0o755 });
  const home = await mkdtemp(join(temp_folder, `${prefix}${process.pid}-`));
  // The account the server runs as must pass through; the secrets have a folder of their own.
  await chmod(home, 0o755);
  const options = { home, binaries_folder, settings: { ...usual, ...settings }, log: silentLog };
  let server = await startEmbeddedPostgres(options);
  const atExit = (): void => endAtOnce(server.pid, home);
  process.once('exit', atExit);
  return {
    superuser_url: server.superuser_url,
    port: server.port,
    outage: async () => {
      await server.stop();
      return async () => {
        server = await startEmbeddedPostgres({ ...options, port: server.port });
      };
    },
    stop: async () => {
      await server.stop();
      await rm(home, { recursive: true, force: true });
      process.off('exit', atExit);
    },
  };
}

/** In an exiting process nothing can be awaited; the data is thrown away, so the server need not write it down. */
function endAtOnce(pid: number | undefined, home: string): void {
  if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGQUIT');
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const pidFile = join(home, 'postgres', 'data', 'postmaster.pid');
  for (let waited_ms = 0; existsSync(pidFile) && waited_ms < lastStopMs; waited_ms += lastStopPollMs)
    Atomics.wait(sleeper, 0, 0, lastStopPollMs);
  rmSync(home, { recursive: true, force: true, maxRetries: 3 });
}

/** Ends and removes test servers whose process is gone. */
async function clearLeftovers(folder: string, prefix: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((entry) => entry.startsWith(prefix))) {
    const pid = Number(name.slice(prefix.length).split('-')[0]);
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    await clearOrphans(join(folder, name, 'postgres', 'data'), '', silentLog);
    await rm(join(folder, name), { recursive: true, force: true });
  }
}
