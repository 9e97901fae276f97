/** Many seeds: handed to the processes one by one, counted, until all have held or one has failed; that one is reduced, and what is left replayed. */
import { checkoutSabotages } from '@souk/prove/sabotage';
import type { RunResult } from './inside/run.ts';
import type { SimulateOptions } from './options.ts';
import { type Plan, planOf } from './plan.ts';
import { shrink } from './shrink.ts';
import { startWorkers, type Worker } from './workers.ts';

export interface Totals {
  seeds: number;
  orders: number;
  acknowledged: number;
  virtual_ms: number;
  incidents: number;
  statements: number;
  lock_waits: number;
  deadlocks: number;
  messages: number;
  provider_calls: number;
  crashes: number;
}

export interface Failure {
  seed: number;
  result: RunResult;
  /** What is left of its plan. */
  plan: Plan;
  replays: number;
  /** The last replay, of what is left. */
  replayed: RunResult;
}

export interface Outcome {
  totals: Totals;
  /** Faults of the plans by kind. */
  faults: Record<string, number>;
  took_ms: number;
  started_ms: number;
  failure: Failure | undefined;
  /** Of a single seed. */
  single: RunResult | undefined;
}

export interface Observer {
  /** All processes are ready. */
  ready(): void;
  progress(totals: Totals): void;
  shrinking(seed: number, result: RunResult): void;
}

const counted = [
  ...(['orders', 'acknowledged', 'virtual_ms', 'incidents', 'statements', 'lock_waits', 'deadlocks'] as const),
  ...(['messages', 'provider_calls', 'crashes'] as const),
] as const;

/** Runs them. Rejects when something could not be run. */
export async function simulateSeeds(options: SimulateOptions, observer: Observer): Promise<Outcome> {
  const began = performance.now();
  const edits = checkoutSabotages.find(({ name }) => name === options.sabotage)?.edits ?? [];
  const workers = await startWorkers(options.workers, edits);
  try {
    observer.ready();
    const ready = performance.now();
    const found = await untilOneFails(options, workers.all, observer);
    const took_ms = Math.round(performance.now() - ready);
    const failure = found.failed && (await reduce(found.failed, options, workers.all[0] as Worker, observer));
    const { totals, faults, single } = found;
    return { totals, faults, took_ms, started_ms: Math.round(ready - began), failure, single };
  } finally {
    await workers.close();
  }
}

interface Found extends Pick<Outcome, 'totals' | 'faults' | 'single'> {
  /** The lowest seed that has failed. */
  failed: { seed: number; result: RunResult } | undefined;
}

async function untilOneFails(options: SimulateOptions, workers: readonly Worker[], observer: Observer): Promise<Found> {
  const { seed: first, seeds, twice } = options;
  const none = Object.fromEntries(['seeds', ...counted].map((name) => [name, 0])) as unknown as Totals;
  const found: Found = { totals: none, faults: {}, single: undefined, failed: undefined };
  let next = first;
  const work = async (worker: Worker): Promise<void> => {
    while (next < first + seeds && found.failed === undefined) {
      const seed = next++;
      const plan = planOf(String(seed), options);
      const result = await worker.run(plan, options.trace);
      const again = twice ? await worker.run(plan) : result;
      if (again.digest !== result.digest)
        result.violations.push({ rule: 'not_deterministic', detail: `two runs of the seed differ: ${result.digest}, ${again.digest}` });
      count(found, plan, result);
      if (result.violations.length > 0 && seed < lowest(found)) found.failed = { seed, result };
      if (seeds === 1) found.single = result;
      observer.progress(found.totals);
    }
  };
  await Promise.all(workers.map(work));
  return found;
}

function lowest({ failed }: Found): number {
  return failed?.seed ?? Number.POSITIVE_INFINITY;
}

function count({ totals, faults }: Found, plan: Plan, result: RunResult): void {
  totals.seeds += 1;
  for (const name of counted) totals[name] += result[name];
  for (const { kind } of plan.faults) faults[kind] = (faults[kind] ?? 0) + 1;
}

/** Replays ever smaller parts of the plan, as long as one of the same rules is broken. */
async function reduce(
  { seed, result }: { seed: number; result: RunResult },
  options: SimulateOptions,
  worker: Worker,
  observer: Observer,
): Promise<Failure> {
  observer.shrinking(seed, result);
  const rules = new Set(result.violations.map(({ rule }) => rule));
  const { plan, replays } = await shrink(planOf(String(seed), options), async (part) => {
    const { violations } = await worker.run(part);
    return violations.some(({ rule }) => rules.has(rule));
  });
  return { seed, result, plan, replays, replayed: await worker.run(plan, true) };
}
