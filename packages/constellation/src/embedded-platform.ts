/** The whole shop in one call: the embedded world, all services, the first accounts and the sample catalogue. */
import { mkdir } from 'node:fs/promises';
import { type Log, systemClock, systemIds } from '@souk/kernel';
import { type Account, keptAccounts } from './accounts.ts';
import { type Constellation, startConstellation } from './constellation.ts';
import { openEmbeddedWorld } from './embedded-world.ts';
import { furnish } from './furnish.ts';
import type { Environment } from './services.ts';

export interface EmbeddedPlatformOptions {
  /** Folder for everything the platform keeps. */
  home: string;
  port_base: number;
  /** False leaves the sample catalogue and customers out. */
  sample: boolean;
  log: Log;
  env?: Environment;
  progress?(sentence: string): void;
}

export interface EmbeddedPlatform {
  constellation: Constellation;
  accounts: Account[];
  /** True at the first start of this home. */
  first_start: boolean;
  stop(): Promise<void>;
}

/** Starts the platform of a home. Errors: `already_running`, `port_taken`, `config_invalid` and those of PostgreSQL. */
export async function startEmbeddedPlatform(options: EmbeddedPlatformOptions): Promise<EmbeddedPlatform> {
  const progress = options.progress ?? (() => undefined);
  await mkdir(options.home, { recursive: true });
  const world = await openEmbeddedWorld({ home: options.home, log: options.log, clock: systemClock, ids: systemIds, progress });
  try {
    const constellation = await startConstellation({
      world,
      port_base: options.port_base,
      log: options.log,
      progress,
      ...(options.env ? { env: options.env } : {}),
    });
    const { accounts, created } = await keptAccounts(options.home);
    await furnish(constellation, { accounts, sample: options.sample, progress });
    return {
      constellation,
      accounts,
      first_start: created,
      async stop() {
        await constellation.stop();
        await world.stop();
      },
    };
  } catch (error) {
    await world.stop();
    throw error;
  }
}
