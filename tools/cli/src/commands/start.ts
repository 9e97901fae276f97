import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decidedVariables, type EmbeddedPlatform, environmentProblems, startEmbeddedPlatform } from '@souk/constellation';
import { refusal, type ServiceName, serviceNames } from '@souk/contracts';
import { required } from '@souk/kernel';
import { createLog } from '@souk/service-kit';
import { type CliConfig, readConfig } from '../config.ts';
import { firstOrderLines } from '../first-order.ts';
import { findRunning, forgetRunning, noteRunning } from '../running.ts';
import { type Progress, startProgress } from '../terminal.ts';

const stopLimitMs = 20_000;
const sameSignalMs = 1_000;
const roles: Readonly<Record<ServiceName, string>> = {
  gateway: 'the one address a client needs',
  users: 'accounts, sign-in',
  products: 'catalogue, search',
  orders: 'orders, checkout',
  notifications: 'messages to people',
  inventory: 'stock',
  payments: 'charges, refunds',
};

/** Runs the whole shop until it is told to stop. */
export async function start(args: string[]): Promise<number> {
  parseArgs({ args, options: {} });
  const config = readConfig(process.env, environmentProblems);
  const running = await findRunning(config.home);
  if (running)
    throw refusal('already_running', `The shop in ${config.home} is running already: ${running.gateway_url} (process ${running.pid}).`);
  tellUnused(config);
  const started = performance.now();
  const progress = startProgress();
  const stopping = whenStopped((signal) => progress.say(`${signal}: stopping`));
  const platform = await startPlatform(config, progress, stopping.signal);
  if (!platform) return 0;
  await noteRunning(config.home, {
    pid: process.pid,
    started_at: new Date().toISOString(),
    gateway_url: platform.constellation.gateway_url,
    urls: Object.fromEntries(serviceNames.map((name) => [name, platform.constellation.urlOf(name)])),
    postgres_port: platform.constellation.world.postgres_port ?? null,
  });
  const text = await readyText(config, platform, (performance.now() - started) / 1_000);
  if (!stopping.signal.aborted) {
    progress.done();
    process.stdout.write(text);
  }
  await stopping.told;
  await stop(config, platform, progress);
  return 0;
}

/** Somebody who set one of these may wonder why it has no effect. */
function tellUnused({ env }: CliConfig): void {
  const set = decidedVariables.filter((variable) => variable !== 'PORT_BASE' && env[variable]);
  if (set.length > 0)
    process.stderr.write(`souk: not used by npm start, which decides ${set.length === 1 ? 'it' : 'them'} itself: ${set.join(', ')}\n`);
}

/** Undefined when it was stopped while it started. */
async function startPlatform(config: CliConfig, progress: Progress, signal: AbortSignal): Promise<EmbeddedPlatform | undefined> {
  try {
    const log = createLog({ level: config.log_level, format: config.log_format });
    return await startEmbeddedPlatform({
      ...config,
      log,
      env: { ...config.env, LOG_LEVEL: config.log_level },
      progress: (sentence) => progress.say(sentence),
      signal,
    });
  } catch (error) {
    progress.done(signal.aborted ? `Souk was stopped while it started. Everything is kept in ${config.home}.` : undefined);
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** Told by the first signal. A second one of an impatient person ends the process at once. */
function whenStopped(heard: (signal: NodeJS.Signals) => void): { told: Promise<void>; signal: AbortSignal } {
  const stopping = new AbortController();
  let told_ms: number | undefined;
  const told = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        // A terminal tells the whole group and npm passes it on: the same Ctrl-C may come twice within moments.
        if (told_ms !== undefined && performance.now() - told_ms > sameSignalMs) endNow();
        if (told_ms !== undefined) return;
        told_ms = performance.now();
        heard(signal);
        stopping.abort();
        resolve();
      });
    }
  });
  return { told, signal: stopping.signal };
}

function endNow(): never {
  process.stderr.write('\nsouk: it was not waited for; what is left is picked up at the next start.\n');
  process.exit(1);
}

async function stop(config: CliConfig, platform: EmbeddedPlatform, progress: Progress): Promise<void> {
  const started = performance.now();
  const limit = setTimeout(endNow, stopLimitMs);
  await platform.stop();
  await forgetRunning(config.home);
  clearTimeout(limit);
  progress.done(`Souk has stopped (${((performance.now() - started) / 1_000).toFixed(1)} s). Everything is kept in ${config.home}.`);
}

async function readyText(config: CliConfig, platform: EmbeddedPlatform, seconds: number): Promise<string> {
  const { constellation, accounts, first_start } = platform;
  const rows = serviceNames.map((name) => `  ${name.padEnd(15)}${constellation.urlOf(name).padEnd(25)}${roles[name]}`);
  const postgres = `  ${'PostgreSQL'.padEnd(15)}${`127.0.0.1:${constellation.world.postgres_port ?? ''}`.padEnd(25)}one database for each service, kept in ${config.home}`;
  const admin = required(
    accounts.find((account) => account.role === 'admin'),
    'the admin account',
  );
  const file = join(config.home, 'secrets', 'accounts.json');
  const login = first_start ? `${admin.username} / ${admin.password}   (kept in ${file})` : `${admin.username}, its password is in ${file}`;
  const lines = await firstOrderLines(constellation.gateway_url, accounts);
  const next = lines
    ? `Place a first order and look at it:\n\n${lines.join('\n')}\n`
    : 'The catalogue is empty. Fill it with: npm run souk -- import FILE.csv\n';
  return `\nSouk is ready (${seconds.toFixed(1)} s).\n\n${rows.join('\n')}\n${postgres}\n\n  staff login    ${login}\n\n${next}\nCtrl-C stops everything.\n\n`;
}
