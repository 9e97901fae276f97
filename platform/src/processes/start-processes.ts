/** The services as processes of their own: in the order in which they need each other, then the seed. */
import { fileURLToPath } from 'node:url';
import { dataServices, startStages } from '@souk/contracts';
import { required } from '@souk/kernel';
import type { Instance, ServerAddresses } from '../plan/processes.ts';
import type { LinePrinter } from './log-lines.ts';
import { nodeFlags } from './node-flags.ts';
import { runOnce } from './run-once.ts';
import type { ProgramSpec, Supervisor } from './supervisor.ts';

export interface ProcessesOptions {
  instances: readonly Instance[];
  servers: ServerAddresses;
  home: string;
  sample: boolean;
  supervisor: Supervisor;
  printer: LinePrinter;
  progress(sentence: string): void;
  /** Ends the start; who aborts it stops the supervisor. */
  stopping: AbortSignal;
}

const endWithParent = import.meta.resolve('@souk/local-servers/end-with-parent');
const seedMain = fileURLToPath(new URL('../seed/main.ts', import.meta.url));

/** Resolves when all are ready and the platform has its accounts and catalogue. Rejects with the reason of the first that fails. */
export async function startProcesses(options: ProcessesOptions): Promise<void> {
  const { instances, supervisor, progress, stopping } = options;
  for (const names of startStages()) {
    stopping.throwIfAborted();
    progress(`starting ${names.join(', ')}`);
    const started = supervisor.start(instances.filter(({ service }) => names.includes(service)).map(asProgram));
    const aborted = new Promise<never>((_, reject) => stopping.addEventListener('abort', () => reject(stopping.reason), { once: true }));
    await Promise.race([started, aborted]);
  }
  stopping.throwIfAborted();
  progress('seeing to accounts and catalogue');
  await seed(options);
}

function asProgram({ service, name, url, env }: Instance): ProgramSpec {
  const main = fileURLToPath(new URL(`../../../services/${service}/src/main.ts`, import.meta.url));
  return {
    name,
    command: process.execPath,
    args: [...nodeFlags(), '--import', endWithParent, main],
    env,
    ready_url: `${url}/health/ready`,
    // The gateways first: they stop letting requests in while the services behind them still answer.
    stop_stage: service === 'gateway' ? 0 : 1,
  };
}

async function seed({ instances, servers, home, sample, printer, stopping }: ProcessesOptions): Promise<void> {
  const users = required(
    instances.find(({ service }) => service === 'users'),
    'an instance of users',
  );
  const urls = Object.fromEntries(dataServices.map((name) => [`${name.toUpperCase()}_DATABASE_URL`, servers.database_urls[name]]));
  const env = { ...users.env, ...urls, SOUK_HOME: home, SOUK_SAMPLE: sample ? '1' : '0', INSTANCE_ID: 'seed' };
  await runOnce({ name: 'seed', command: process.execPath, args: ['--import', endWithParent, seedMain], env }, printer, stopping);
}
