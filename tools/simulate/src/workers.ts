/** Processes that simulate, on a PostgreSQL of their own. */
import { type ChildProcess, fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceEdit } from '@souk/mutation/source-edits';
import { startTestPostgres } from '@souk/postgres/testing';
import type { RunResult } from './inside/run.ts';
import type { Plan } from './plan.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

export interface Worker {
  /** Runs a plan. Rejects when it could not be run, which is no verdict. */
  run(plan: Plan, traced?: boolean): Promise<RunResult>;
}

export interface Workers {
  readonly all: readonly Worker[];
  /** Ends the processes and their PostgreSQL. */
  close(): Promise<void>;
}

/**
 * Plans are the same whatever ran before, nothing but the services touches their tables, and who waits for whom is decided by the
 * simulation, so that PostgreSQL's own search for deadlocks must not come first. The data is thrown away.
 */
const settings = {
  plan_cache_mode: 'force_generic_plan',
  autovacuum: 'off',
  deadlock_timeout: '1h',
  synchronous_commit: 'off',
  jit: 'off',
  shared_buffers: '128MB',
  max_connections: '400',
};

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Starts them; with `edits` their sources are changed as they are loaded. */
export async function startWorkers(count: number, edits: readonly SourceEdit[]): Promise<Workers> {
  const server = await startTestPostgres(settings);
  const folder = await mkdtemp(join(tmpdir(), 'souk-simulate-'));
  // The account the server runs as reads the clocks.
  await chmod(folder, 0o755);
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeFolder);
  const processes: ChildProcess[] = [];
  const close = async (): Promise<void> => {
    for (const child of processes) if (child.connected) child.disconnect();
    await Promise.all(processes.map(ended));
    await server.stop();
    process.off('exit', removeFolder);
    removeFolder();
  };
  try {
    for (let index = 0; index < count; index += 1)
      processes.push(
        fork(file('./worker.ts'), [server.superuser_url, String(index), join(folder, `clock-${index}`)], {
          execArgv: ['--import', file('./inside/register.ts')],
          env: { ...process.env, SOUK_SIMULATE_EDITS: JSON.stringify(edits) },
        }),
      );
    const all = await Promise.all(processes.map(readyWorker));
    return { all, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

/** Resolves once its databases are made. */
async function readyWorker(child: ChildProcess): Promise<Worker> {
  const ready = await answerOf(child);
  if (ready.kind !== 'ready') throw new Error('a simulating process did not become ready');
  return {
    async run(plan, traced = false) {
      child.send({ plan, traced } satisfies ToWorker);
      const answer = await answerOf(child);
      if (answer.kind === 'done') return answer.result;
      throw new Error(`seed ${plan.seed} could not be run: ${answer.kind === 'failed' ? answer.why : answer.kind}`);
    },
  };
}

function answerOf(child: ChildProcess): Promise<FromWorker> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null): void => reject(new Error(`a simulating process ended (${code}); what it wrote is above`));
    child.once('exit', gone);
    child.once('message', (message) => {
      child.off('exit', gone);
      resolve(message as FromWorker);
    });
  });
}
