import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { refusal, serviceNames, services } from '@souk/contracts';
import { buildFaces } from '@souk/faces';
import { required } from '@souk/kernel';
import { decidedVariables, type EmbeddedPlatform, environmentProblems, startEmbeddedPlatform } from '@souk/platform';
import { createLog } from '@souk/telemetry';
import { type CliConfig, readConfig } from '../config.ts';
import { firstOrderLines } from '../first-order.ts';
import { findRunning, openRunningFile, type RunningFile } from '../running.ts';
import { type Progress, startProgress, surviveLostOutput } from '../terminal.ts';

const stopLimitMs = 20_000;
const sameSignalMs = 1_000;

/** Runs the whole shop until a signal stops it. */
export async function start(args: string[]): Promise<number> {
  parseArgs({ args, options: {} });
  const config = readConfig(process.env, environmentProblems);
  const running = await findRunning(config.home);
  if (running)
    throw refusal('already_running', `The shop in ${config.home} is running already: ${running.gateway_url} (process ${running.pid}).`);
  warnUnused(config);
  surviveLostOutput();
  const started = performance.now();
  const progress = startProgress();
  const stopping = whenStopped((signal) => progress.say(`${signal}: stopping`));
  const platform = await startPlatform(config, progress, stopping.signal);
  if (!platform) return 0;
  const running_file = openRunningFile(config.home, (error) =>
    process.stderr.write(`souk: running.json could not be written; other commands may not find this shop (${(error as Error).message}).\n`),
  );
  const started_at = new Date().toISOString();
  await running_file.write(() => ({
    pid: process.pid,
    started_at,
    gateway_url: platform.running.gateway_url,
    urls: Object.fromEntries(serviceNames.map((name) => [name, platform.running.urlOf(name)])),
    postgres_port: platform.running.world.postgres_port ?? null,
  }));
  const text = await readyText(config, platform, (performance.now() - started) / 1_000);
  if (!stopping.signal.aborted) {
    progress.done();
    process.stdout.write(text);
  }
  await stopping.signalled;
  await stop(config, platform, running_file, progress);
  return 0;
}

/** Warns of variables that are set and have no effect here. */
function warnUnused({ env }: CliConfig): void {
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
      // Built while the database starts; the shop does not wait for it.
      env: { FACES_FOLDER: buildFaces().folder, ...config.env, LOG_LEVEL: config.log_level },
      progress: (sentence) => progress.say(sentence),
      signal,
    });
  } catch (error) {
    progress.done(signal.aborted ? `Souk was stopped while it started. Everything is kept in ${config.home}.` : undefined);
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** `signalled` resolves with the first signal; a second one ends the process at once. */
function whenStopped(onSignal: (signal: NodeJS.Signals) => void): { signalled: Promise<void>; signal: AbortSignal } {
  const stopping = new AbortController();
  let signalled_ms: number | undefined;
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        // A terminal signals the whole process group, and npm passes the signal on: the same Ctrl-C may come twice within moments.
        if (signalled_ms !== undefined && performance.now() - signalled_ms > sameSignalMs) endNow();
        if (signalled_ms !== undefined) return;
        signalled_ms = performance.now();
        onSignal(signal);
        stopping.abort();
        resolve();
      });
    }
  });
  return { signalled, signal: stopping.signal };
}

function endNow(): never {
  process.stderr.write('\nsouk: it was not waited for; what is left is picked up at the next start.\n');
  process.exit(1);
}

async function stop(config: CliConfig, platform: EmbeddedPlatform, running_file: RunningFile, progress: Progress): Promise<void> {
  const started = performance.now();
  const limit = setTimeout(endNow, stopLimitMs);
  await platform.stop();
  await running_file.remove();
  clearTimeout(limit);
  progress.done(`Souk has stopped (${((performance.now() - started) / 1_000).toFixed(1)} s). Everything is kept in ${config.home}.`);
}

async function readyText(config: CliConfig, platform: EmbeddedPlatform, seconds: number): Promise<string> {
  const { running, accounts, first_start } = platform;
  const rows = services.map(({ name, title }) => `  ${name.padEnd(15)}${running.urlOf(name).padEnd(25)}${title}`);
  const postgres = `  ${'PostgreSQL'.padEnd(15)}${`127.0.0.1:${running.world.postgres_port ?? ''}`.padEnd(25)}one database for each service, kept in ${config.home}`;
  const admin = required(
    accounts.find((account) => account.role === 'admin'),
    'the admin account',
  );
  const file = join(config.home, 'secrets', 'accounts.json');
  const login = first_start ? `${admin.username} / ${admin.password}   (kept in ${file})` : `${admin.username}, its password is in ${file}`;
  const lines = await firstOrderLines({ gateway_url: running.gateway_url, accounts, first_start, home: config.home });
  const next = lines
    ? `Place a first order and look at it:\n\n${lines.join('\n')}\n`
    : 'The catalogue is empty. Fill it with: npm run souk -- import FILE.csv\n';
  const shop = `  ${'storefront'.padEnd(15)}${`${running.gateway_url}/`.padEnd(25)}open it in a browser`;
  const desk = `  ${'console'.padEnd(15)}${`${running.gateway_url}/console`.padEnd(25)}  for staff`;
  return `\nSouk is ready (${seconds.toFixed(1)} s).\n\n${shop}\n${desk}\n\n${rows.join('\n')}\n${postgres}\n\n  staff login    ${login}\n\n${next}\nCtrl-C stops everything.\n\n`;
}
