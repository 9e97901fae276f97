/** `npm run saga:explore`: every reachable state of the checkout, within printed bounds, by the decisions that production runs. */
import { parseArgs } from 'node:util';
import { configurations } from './configurations.ts';
import { realDecisions } from './decisions.ts';
import { explore } from './exploration/explore.ts';
import { type Explored, explorationText, summaryText } from './report.ts';

const usageExit = 64;
const usage = `npm run saga:explore [-- --smoke] [--json]

Enumerates every state that the checkout can reach, with messages repeated, delayed and in any order, processes killed,
a provider that answers or does not, and people who cancel, ship and refund at any moment. Prints bounds, states and
transitions, and the steps to the first violation.
  --smoke   the small configurations only: seconds
  --json    the result as JSON
Exit code: 0 no violation, 1 a violation, 64 wrong usage.
`;

function run({ smoke, json }: { smoke: boolean; json: boolean }): number {
  const explored: Explored[] = [];
  for (const configuration of configurations.filter((one) => one.smoke || !smoke)) {
    const began = performance.now();
    const result = explore(realDecisions, configuration.bounds);
    const one = { name: configuration.name, bounds: configuration.bounds, ...result, took_ms: Math.round(performance.now() - began) };
    explored.push(one);
    if (!json) process.stdout.write(`${explorationText(configuration, one)}\n`);
  }
  process.stdout.write(json ? `${JSON.stringify(explored, undefined, 2)}\n` : summaryText(explored));
  return explored.every(({ violation }) => violation === undefined) ? 0 : 1;
}

function optionsOf(argv: readonly string[]): { smoke: boolean; json: boolean; help: boolean } | undefined {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({ args: [...argv], options: { smoke: flag, json: flag, help: { ...flag, short: 'h' } } }).values;
  } catch (error) {
    process.stderr.write(`souk saga: ${(error as Error).message}\n${usage}`);
    return undefined;
  }
}

const options = optionsOf(process.argv.slice(2));
if (options === undefined) process.exitCode = usageExit;
else if (options.help) process.stdout.write(usage);
else process.exitCode = run(options);
