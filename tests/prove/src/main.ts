/** `npm run prove`: a shop under faults, and a verdict. */
import { refusal } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import { type GivenOptions, type ProveOptions, readOptions } from './options.ts';
import { reportLines } from './report.ts';
import { type Outcome, runProof } from './run.ts';
import { type Sabotage, sabotages } from './sabotage.ts';

const seedsEach = 3;
const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupted.abort());
const from = { interrupted: interrupted.signal, env: process.env };
const exits = { held: 0, broken: 1, failed: 2, usage: 64 } as const;

async function main(given: string): Promise<number> {
  const options = readOptions(JSON.parse(given) as GivenOptions, {
    makeSeed: () => String(Math.floor(Math.random() * 1e9)),
    switches: Boolean(process.env['CHAOS_TOKEN']),
  });
  if (options.sabotage === 'list') return listSabotages();
  if (options.sabotage === 'all') return tryAll(options);
  return proveOnce(options);
}

function listSabotages(): number {
  for (const { name, what } of sabotages) process.stdout.write(`${name.padEnd(24)}${what}\n`);
  return exits.held;
}

function sabotageOf(name: string | undefined): Sabotage | undefined {
  if (name === undefined) return undefined;
  const found = sabotages.find((one) => one.name === name);
  if (found === undefined)
    throw refusal(
      'validation_failed',
      `--sabotage ${name} is not known; there are all, list, ${sabotages.map((one) => one.name).join(', ')}.`,
    );
  return found;
}

async function proveOnce(options: ProveOptions): Promise<number> {
  const sabotage = sabotageOf(options.sabotage);
  const outcome = await runProof({ ...options, ...sabotage?.needs }, { edits: sabotage?.edits ?? [], say: sayer(options), ...from });
  if (options.json) process.stdout.write(`${JSON.stringify({ ...outcome, sabotage: sabotage?.name ?? null }, null, 2)}\n`);
  else process.stdout.write(`${reportLines(outcome).join('\n')}\n`);
  return outcome.violations.length === 0 ? exits.held : exits.broken;
}

/** Each protection is switched off, with up to three seeds, until the proof names what is missing. */
async function tryAll(options: ProveOptions): Promise<number> {
  const say = sayer(options);
  const rows: { name: string; caught: boolean; runs: number; causes: string[] }[] = [];
  for (const sabotage of sabotages) {
    let row = { name: sabotage.name, caught: false, runs: 0, causes: [] as string[] };
    while (!row.caught && row.runs < seedsEach) {
      const seed = `${options.seed}.${row.runs + 1}`;
      say(`${sabotage.name}: ${sabotage.what}`);
      const outcome = await runProof({ ...options, ...sabotage.needs, seed }, { edits: sabotage.edits, say, ...from });
      const causes = causesOf(outcome, sabotage);
      row = { ...row, caught: causes.length > 0, runs: row.runs + 1, causes };
      say(row.caught ? `${sabotage.name} is caught: ${causes.join(', ')}` : `${sabotage.name} passed with seed ${seed}`);
    }
    rows.push(row);
  }
  if (options.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else
    for (const { name, caught, runs, causes } of rows)
      process.stdout.write(`${name.padEnd(24)}${caught ? `caught in run ${runs}: ${causes.join(', ')}` : `NOT CAUGHT in ${runs} runs`}\n`);
  return rows.every(({ caught }) => caught) ? exits.held : exits.broken;
}

function causesOf({ violations }: Outcome, { causes }: Sabotage): string[] {
  const named = new Set(violations.map(({ rule }) => rule));
  return causes.filter((rule) => named.has(rule));
}

function sayer({ json }: ProveOptions): (line: string) => void {
  const began = performance.now();
  const out = json ? process.stderr : process.stdout;
  return (line) => void out.write(`${((performance.now() - began) / 1_000).toFixed(1).padStart(7)} s  ${line}\n`);
}

try {
  process.exitCode = await main(process.argv[2] as string);
} catch (error) {
  process.stderr.write(`souk prove: ${(error as Error).message}\n`);
  process.exitCode = error instanceof AppError && error.code === 'validation_failed' ? exits.usage : exits.failed;
}
