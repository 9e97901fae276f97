/** `npm run simulate`: seeds of a whole shop on a virtual clock, each of which can be replayed step by step. */

import { AppError } from '@souk/kernel';
import { checkoutSabotages } from '@souk/prove/sabotage';
import { type Observer, type Outcome, simulateSeeds } from './campaign.ts';
import { type GivenOptions, readOptions, type SimulateOptions } from './options.ts';
import { failureText, progressText, summaryText, traceText, violationsText } from './report.ts';

const usageExit = 64;
const notRunExit = 2;
const progressEveryMs = 5_000;

function observerOf({ seeds, json }: SimulateOptions): Observer {
  const say = (line: string): void => void (json || process.stdout.write(`${line}\n`));
  let began = performance.now();
  let next_ms = progressEveryMs;
  return {
    ready() {
      began = performance.now();
    },
    progress(totals) {
      const elapsed_ms = performance.now() - began;
      if (elapsed_ms < next_ms || totals.seeds === seeds) return;
      next_ms = elapsed_ms + progressEveryMs;
      say(progressText(totals, seeds, elapsed_ms));
    },
    shrinking(seed, result) {
      say(`seed ${seed} fails and is reduced:\n${violationsText(result)}`);
    },
  };
}

function print(outcome: Outcome, options: SimulateOptions): void {
  if (options.json) {
    process.stdout.write(`${JSON.stringify(outcome, undefined, 2)}\n`);
    return;
  }
  if (options.trace && outcome.single !== undefined && outcome.failure === undefined) process.stdout.write(traceText(outcome.single));
  if (outcome.failure !== undefined) process.stdout.write(failureText(outcome.failure, options));
  process.stdout.write(summaryText(outcome));
}

async function run(): Promise<number> {
  const options = readOptions(JSON.parse(process.argv[2] as string) as GivenOptions);
  if (options.sabotage === 'list') {
    for (const { name, what } of checkoutSabotages) process.stdout.write(`${name.padEnd(24)}${what}\n`);
    return 0;
  }
  const outcome = await simulateSeeds(options, observerOf(options));
  print(outcome, options);
  return outcome.failure === undefined ? 0 : 1;
}

// An exit ends PostgreSQL and the processes that simulate.
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const)
  process.once(signal, () => process.exit(128 + number));

try {
  process.exitCode = await run();
} catch (error) {
  process.stderr.write(`souk simulate: ${(error as Error).message}\n`);
  process.exitCode = error instanceof AppError && error.code === 'validation_failed' ? usageExit : notRunExit;
}
