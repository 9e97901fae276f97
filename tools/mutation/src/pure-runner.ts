/** Processes that run tests of pure decisions, kept for the next mutant (inside/serve.ts). */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Question } from './inside/serve.ts';
import type { StageRun } from './run-stage.ts';

export interface PureRunner {
  /** Rejects when the process cannot be started, or when something a mutant did has spoilt it. */
  run(question: Question, limit_ms: number): Promise<StageRun>;
  close(): void;
}

/** Of each property over random orders: what a mutant gets wrong shows in the first hundreds. */
const randomOrders = '1000';
/** Each run leaves its modules behind. */
const runsMax = 200;

interface Served {
  child: ChildProcess;
  runs: number;
}

const program = fileURLToPath(new URL('./inside/serve.ts', import.meta.url));

/** Starts processes as they are needed; `close` ends them. */
export function createPureRunner(): PureRunner {
  const idle: Served[] = [];
  const all = new Set<ChildProcess>();

  const start = (): Served => {
    const env = { SOUK_RANDOM_ORDERS: randomOrders, ...process.env };
    const child = fork(program, [], {
      env,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    all.add(child);
    child.once('exit', () => all.delete(child));
    return { child, runs: 0 };
  };
  /** Every process ends with tests without a mutant: were they to fail, a mutant of before would have changed something for those after it. */
  const retire = async (served: Served, { files }: Question, limit_ms: number): Promise<void> => {
    const { result, words } = await ask(served, { files, edit: undefined }, limit_ms);
    served.child.kill('SIGKILL');
    if (result !== 'passed') throw new Error(`${files.join(' ')} does not pass any more in a process that has run mutants: ${words}`);
  };

  return {
    async run(question, limit_ms) {
      const served = idle.pop() ?? start();
      const run = await ask(served, question, limit_ms);
      if (run.result === 'timed_out' || served.child.exitCode !== null) served.child.kill('SIGKILL');
      else if (served.runs >= runsMax) await retire(served, question, limit_ms);
      else idle.push(served);
      return run;
    },
    close() {
      for (const child of all) child.kill('SIGKILL');
    },
  };
}

/** A process that ends by itself was ended by its mutant: the tests have noticed. */
function ask(served: Served, question: Question, limit_ms: number): Promise<StageRun> {
  const { child } = served;
  served.runs += 1;
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const settle = (result: StageRun['result'], words: string, loaded: readonly string[] = []): void => {
      clearTimeout(limit);
      child.off('message', answered).off('exit', ended).off('error', reject);
      resolve({ result, words, took_ms: Math.round(performance.now() - began), loaded: new Set(loaded) });
    };
    const answered = ({ failed, loaded }: Answer): void =>
      failed === undefined ? settle('passed', '', loaded) : settle('failed', failed, loaded);
    const ended = (): void => settle('failed', 'the process has ended');
    const limit = setTimeout(() => settle('timed_out', ''), limit_ms);
    child.on('message', answered).once('exit', ended).once('error', reject);
    child.send(question);
  });
}
