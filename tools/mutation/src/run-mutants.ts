/** Runs mutants, some at a time: each stage of tests once without a mutant, then with each that it can notice, until one notices it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mutant } from './mutant.ts';
import { isPureFile } from './pure-files.ts';
import { createPureRunner } from './pure-runner.ts';
import { rootFolder, runStage, type StageRun } from './run-stage.ts';
import { edited } from './source-edits.ts';

export type Fate = 'killed' | 'timed_out' | 'survived';

export interface Judged {
  mutant: Mutant;
  fate: Fate;
  /** The test that failed; empty where none did. */
  by: string;
  took_ms: number;
}

export interface Conditions {
  /** How many mutants run at the same time. */
  jobs: number;
  /** How much longer than four times the tests without a mutant one may take; default 10 s. */
  limit_margin_ms?: number;
  /** For the stages that use PostgreSQL; called at most once. */
  server(): Promise<NodeJS.ProcessEnv>;
  signal: AbortSignal;
  onJudged(judged: Judged): void;
}

/** Tests that fail or run for too long without a mutant, or do not load what it changes, or a text that is not there: nothing can be said. */
export class UnusableTestsError extends Error {}

const baseline_limit_ms = 240_000;
/** A machine that is busy is slower by chance. */
const limitFactor = 4;
const limit_margin_default_ms = 10_000;
/** Pure decisions wait for nothing, and a loop that does not end is frequent among their mutants. */
const pure_limit_margin_ms = 3_000;
const wordsMax = 100;

/** Answers in the order of `mutants`. Throws `UnusableTestsError`. */
export async function runMutants(mutants: readonly Mutant[], conditions: Conditions): Promise<Judged[]> {
  const stages = new Stages(conditions);
  const judged: Judged[] = [];
  const waiting = mutants.entries();
  const work = async (): Promise<void> => {
    for (const [index, mutant] of waiting) {
      const one = await judge(mutant, stages);
      conditions.signal.throwIfAborted();
      judged[index] = one;
      conditions.onJudged(one);
    }
  };
  try {
    await Promise.all(Array.from({ length: conditions.jobs }, work));
  } finally {
    stages.close();
  }
  return judged;
}

async function judge(mutant: Mutant, stages: Stages): Promise<Judged> {
  const began = performance.now();
  await checkText(mutant);
  let loaded = false;
  for (const files of mutant.stages) {
    const plain = await stages.withoutMutant(files);
    if (!plain.loaded.has(join(rootFolder, mutant.edit.file).replaceAll('\\', '/'))) continue;
    loaded = true;
    const run = await stages.run(files, { edit: mutant.edit, limit_ms: stages.limitOf(plain, files) });
    if (run.result === 'passed') continue;
    const took_ms = Math.round(performance.now() - began);
    if (run.result === 'timed_out') return { mutant, fate: 'timed_out', by: files.join(', '), took_ms };
    return { mutant, fate: 'killed', by: firstLine(run.words) || files.join(', '), took_ms };
  }
  if (!loaded) throw new UnusableTestsError(`none of its tests loads ${mutant.edit.file}, so that they cannot notice ${mutant.name}.`);
  return { mutant, fate: 'survived', by: '', took_ms: Math.round(performance.now() - began) };
}

/** Otherwise each test would fail, and the mutant count as killed. */
async function checkText({ edit }: Mutant): Promise<void> {
  try {
    edited(await readFile(join(rootFolder, edit.file), 'utf8'), edit);
  } catch (error) {
    throw new UnusableTestsError((error as Error).message, { cause: error });
  }
}

function firstLine(words: string): string {
  return (words.split('\n')[0] ?? '').slice(0, wordsMax);
}

class Stages {
  readonly #conditions: Conditions;
  readonly #plain = new Map<string, Promise<StageRun>>();
  readonly #pure = createPureRunner();

  constructor(conditions: Conditions) {
    this.#conditions = conditions;
  }

  /** How the tests do without a mutant, and what they load. */
  withoutMutant(files: readonly string[]): Promise<StageRun> {
    const key = files.join(' ');
    const known = this.#plain.get(key);
    if (known !== undefined) return known;
    const first = this.run(files, { observed: true, limit_ms: baseline_limit_ms }).then((run) => {
      this.#conditions.signal.throwIfAborted();
      if (run.result !== 'passed') throw new UnusableTestsError(`${key} does not pass without a mutant (${run.result}): ${run.words}`);
      return run;
    });
    this.#plain.set(key, first);
    return first;
  }

  /** How long the same tests may take with a mutant. */
  limitOf({ took_ms }: StageRun, files: readonly string[]): number {
    const margin_ms = files.every(isPureFile) ? pure_limit_margin_ms : limit_margin_default_ms;
    return took_ms * limitFactor + (this.#conditions.limit_margin_ms ?? margin_ms);
  }

  async run(files: readonly string[], what: Pick<Parameters<typeof runStage>[0], 'edit' | 'observed' | 'limit_ms'>): Promise<StageRun> {
    const { signal, server } = this.#conditions;
    if (files.every(isPureFile)) return this.#pure.run({ files, edit: what.edit }, what.limit_ms);
    const servers = files.every((file) => file.includes('/src/')) ? {} : await server();
    return runStage({ root: rootFolder, files, env: { ...process.env, ...servers }, signal, ...what });
  }

  close(): void {
    this.#pure.close();
  }
}
