/** The whole shop in one call: the embedded world, all services, the first accounts and the sample catalogue. */
import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError, type Log, systemClock, systemIds } from '@souk/kernel';
import { freePort } from '@souk/local-servers';
import { openEmbeddedWorld } from '../infrastructure/embedded-world.ts';
import { type Account, keptAccounts } from '../seed/accounts.ts';
import { seedPlatform } from '../seed/seed.ts';
import type { Environment } from '../services.ts';
import { type Platform, portsFrom, startPlatform } from './start-platform.ts';

export interface EmbeddedPlatformOptions {
  /** Folder for everything the platform keeps. */
  home: string;
  port_base: number;
  /** False leaves the sample catalogue and customers out. */
  sample: boolean;
  /** Whether drills may be started; default not. */
  drills?: boolean;
  log: Log;
  env?: Environment;
  progress?(sentence: string): void;
  /** Gives the start up after the step under way; what was started is stopped again. */
  signal?: AbortSignal;
}

export interface EmbeddedPlatform {
  running: Platform;
  accounts: Account[];
  /** True at the first start of this home, or when its passwords had been lost: they are new. */
  first_start: boolean;
  stop(): Promise<void>;
}

/**
 * Starts the platform of a home. Errors: `already_running`, `port_taken`, `config_invalid`, those of PostgreSQL, and
 * the reason of `signal`; after an error nothing keeps running.
 */
export async function startEmbeddedPlatform(options: EmbeddedPlatformOptions): Promise<EmbeddedPlatform> {
  const progress = options.progress ?? (() => undefined);
  await needPorts(options.port_base);
  await makeHome(options.home);
  const world = await openEmbeddedWorld({ home: options.home, log: options.log, clock: systemClock, ids: systemIds, progress });
  let started: Platform | undefined;
  try {
    options.signal?.throwIfAborted();
    const running = await startPlatform({
      world,
      port_base: options.port_base,
      log: options.log,
      progress,
      drills: options.drills ?? false,
      ...(options.env ? { env: options.env } : {}),
    });
    started = running;
    options.signal?.throwIfAborted();
    const kept = await keptAccounts(options.home);
    await seedPlatform(running, { kept, sample: options.sample, progress });
    return {
      running,
      accounts: kept.accounts,
      first_start: kept.created,
      async stop() {
        await running.stop();
        await world.stop();
      },
    };
  } catch (error) {
    await started?.stop();
    await world.stop();
    throw error;
  }
}

/** Before anything is made for nothing. Who takes a port after this look is met by the service that wants it. */
async function needPorts(port_base: number): Promise<void> {
  try {
    for (const port of portsFrom(port_base)) await freePort(port);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const advice = error.code === 'port_refused' ? 'Set PORT_BASE to 1024 or more.' : 'Stop it, or set PORT_BASE.';
    throw new AppError(error.code, `${error.message} ${advice}`, error.details, error);
  }
}

/** Makes the folder, parents too, one by one: where the system allows none, the recursive call of Node never ends. */
export async function makeHome(home: string): Promise<void> {
  const missing: string[] = [];
  try {
    for (let folder = home; !(await exists(folder)); folder = dirname(folder)) missing.unshift(folder);
    for (const folder of missing) await mkdir(folder);
    await access(home, constants.R_OK | constants.W_OK | constants.X_OK);
    if (!(await stat(home)).isDirectory()) throw new Error('it is a file');
  } catch (error) {
    const sentence = `SOUK_HOME is ${JSON.stringify(home)}; it must be a folder that this account can make and write to (${(error as Error).message}).`;
    throw new AppError('config_invalid', sentence, { home }, error);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
