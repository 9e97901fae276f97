/** `npm run mutate`: changes decisions and protections, one at a time, and says which changes no test notices. */
import { availableParallelism } from 'node:os';
import { startTestPostgres, type TestPostgres } from '@souk/postgres/testing';
import { decisionMutants } from './decisions.ts';
import type { Mutant } from './mutant.ts';
import { protectionMutant } from './protection.ts';
import { protections } from './protections/index.ts';
import { mutantLine, reportLines, reportOf } from './report.ts';
import { type Judged, runMutants } from './run-mutants.ts';
import { listedSurvivors } from './survivors.ts';

const exits = { held: 0, broken: 1, failed: 2, usage: 64 } as const;
const saidEach = 50;

/** As the command line has checked them. */
interface MutateOptions {
  /** Parts of paths or names; all mutants without any. */
  only?: readonly string[];
  jobs?: number;
  list?: boolean;
  json?: boolean;
}

async function main(options: MutateOptions): Promise<number> {
  const chosen = [...decisionMutants(), ...protections.map(protectionMutant)].filter((mutant) => isChosen(mutant, options));
  if (chosen.length === 0) {
    process.stderr.write(`souk mutate: no mutant has ${options.only?.join(' or ')} in its file or name.\n`);
    return exits.usage;
  }
  if (options.list) {
    for (const { edit, name } of chosen) process.stdout.write(`${edit.file} ${name}\n`);
    return exits.held;
  }
  const began = performance.now();
  const judged = await runChosen(chosen, options);
  const report = reportOf(judged, listedSurvivors, (performance.now() - began) / 1_000);
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : `${reportLines(report).join('\n')}\n`);
  return report.ok ? exits.held : exits.broken;
}

function isChosen({ kind, name, edit }: Mutant, { only = [] }: MutateOptions): boolean {
  return only.length === 0 || only.some((part) => `${kind}s` === part || edit.file.includes(part) || name.includes(part));
}

/** On one PostgreSQL, started when the first stage needs it. */
async function runChosen(mutants: readonly Mutant[], { json, jobs = availableParallelism() }: MutateOptions): Promise<Judged[]> {
  const out = json ? process.stderr : process.stdout;
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupted.abort(new Error('interrupted')));
  let postgres: Promise<TestPostgres> | undefined;
  let count = 0;
  const conditions = {
    jobs,
    signal: interrupted.signal,
    async server() {
      postgres ??= startTestPostgres();
      return { SOUK_TEST_POSTGRES_URL: (await postgres).superuser_url };
    },
    onJudged(judged: Judged) {
      count += 1;
      if (judged.fate !== 'killed' || judged.mutant.kind === 'protection') out.write(`${mutantLine(judged)}\n`);
      if (count % saidEach === 0) out.write(`${count} of ${mutants.length}\n`);
    },
  };
  try {
    return await runMutants(mutants, conditions);
  } finally {
    await (await postgres)?.stop();
  }
}

try {
  process.exitCode = await main(JSON.parse(process.argv[2] as string) as MutateOptions);
} catch (error) {
  process.stderr.write(`souk mutate: ${(error as Error).message}\n`);
  process.exitCode = exits.failed;
}
