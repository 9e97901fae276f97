import { spawn } from 'node:child_process';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refusal } from '@souk/contracts';
import { buildFaces } from '@souk/faces';
import { sharedRabbitEnvironment, startTestRabbitMq } from '@souk/messaging/testing';
import { sharedPostgresFolder, startTestPostgres } from '@souk/postgres/testing';
import { findTestFiles, gatherUnitTests } from './test-files.ts';
import { filesMax, startTestTurns } from './test-turns.ts';
import { type RunReport, worldTable } from './world-report.ts';

/**
 * `souk test [--test-…] [path or part of one …]`: every test file of the repository, or those whose path contains one
 * of the words, on one PostgreSQL, by node:test. Files that end in `.distributed.test.ts` need RabbitMQ and Redis and
 * are left out, with a sentence, where those are missing, and so are files with `.prometheus.` in their name where there is
 * no Prometheus; all others run everywhere.
 */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const worldReport = new URL('./world-report.ts', import.meta.url).href;
const fileLimit = new URL('./test-file-limit.ts', import.meta.url).href;
const test_timeout_ms = 240_000;
const file_timeout_ms = 480_000;
/** Far more than it takes on two quiet cores: a machine that is slow or busy ends red by a test, not by this. */
const run_timeout_ms = 60 * 60_000;
const stop_grace_ms = 10_000;
/** With fewer files than this, those that need a RabbitMQ start their own: most runs of a part need none. */
const shared_rabbit_files_min = 20;

const distributedSuffix = '.distributed.test.ts';
const prometheusMark = '.prometheus.';

interface Worlds {
  distributed: boolean;
  sentence: string;
}

/** Runs the tests and answers the exit code: 0 all passed, 1 something failed or nothing matched, 130 interrupted. */
export async function runTests(args: string[]): Promise<number> {
  const started_ms = performance.now();
  const options = args.filter((arg) => arg.startsWith('-'));
  const wrong = options.find((option) => !option.startsWith('--test-'));
  if (wrong !== undefined)
    throw refusal(
      'validation_failed',
      `unknown option ${wrong}; options of node:test (--test-…) are passed on, anything else is part of a path.`,
    );
  const words = args.filter((arg) => !arg.startsWith('-'));
  const found = await findTestFiles(words);
  const worlds = await findWorlds(found.filter((file) => file.endsWith(distributedSuffix)).length);
  const inWorlds = worlds.distributed ? found : found.filter((file) => !file.endsWith(distributedSuffix));
  console.log(worlds.sentence);
  const files = await withoutPrometheus(inWorlds);
  if (files.length === 0) return refuse(words.length === 0 ? 'no test files found.' : `no test file matches ${words.join(' or ')}.`);
  const folder = await mkdtemp(join(tmpdir(), 'souk-test-run-'));
  const report = join(folder, 'worlds.json');
  try {
    const faces = buildFaces();
    const { names, units } = await gatherUnitTests(files, folder);
    const together = units > 1 ? `${units} of them in one process, ` : '';
    console.log(`${files.length} test files, ${together}at most ${filesMax} at a time.`);
    const run = async (servers: NodeJS.ProcessEnv): Promise<number> => {
      const { problem } = await faces.done;
      if (problem !== undefined) return refuse(`the console could not be built: ${problem}`);
      const turns = await startTestTurns();
      try {
        const env = environment({ ...servers, FACES_FOLDER: faces.folder, SOUK_TEST_TURNS: turns.address }, worlds.distributed);
        return await runFiles(names, [...options, ...reporters(report)], env);
      } finally {
        await turns.close();
      }
    };
    const code = await onServers(worlds.distributed && files.length > shared_rabbit_files_min, run);
    await printWorlds(report);
    if (process.stdout.isTTY) console.log(`${((performance.now() - started_ms) / 1000).toFixed(1)} s in all.`);
    return code;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function reporters(report: string): string[] {
  const spec = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
  return [...spec, `--test-reporter=${worldReport}`, `--test-reporter-destination=${report}`];
}

/** What ran in which world, and the one line that sums it all up, last. */
async function printWorlds(report: string): Promise<void> {
  const text = await readFile(report, 'utf8').catch(() => '');
  // A run that was stopped has written no report.
  if (text === '') return;
  const { worlds, passed, failed } = JSON.parse(text) as RunReport;
  console.log(`${worlds.length > 0 ? `\n${worldTable(worlds)}\n` : ''}\n${passed} passed, ${failed} failed`);
}

function refuse(sentence: string): number {
  console.error(`souk test: ${sentence}`);
  return 1;
}

async function isInPath(program: string): Promise<boolean> {
  const places = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'];
  const found = await Promise.all(
    places.map((place) =>
      access(join(place, program)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

/** Leaves out, with a sentence, what needs a Prometheus where there is none. */
async function withoutPrometheus(files: readonly string[]): Promise<readonly string[]> {
  const others = files.filter((file) => !file.includes(prometheusMark));
  const own = files.length - others.length;
  if (own === 0 || ((await isInPath('prometheus')) && (await isInPath('promtool')))) return files;
  console.log(
    `${own} test files of alerts and dashboards (*${prometheusMark}*) are left out because prometheus cannot be found: "apt-get install prometheus".`,
  );
  return others;
}

/** The tests stop, fill and kill the servers they use, so nothing but servers of their own will do; an AMQP_URL or a REDIS_URL is not used. */
async function findWorlds(distributed_files: number): Promise<Worlds> {
  const programs = ['rabbitmq-server', 'redis-server'];
  const found = await Promise.all(programs.map(isInPath));
  const missing = programs.filter((_, index) => !found[index]);
  const own = `${distributed_files} test files of its own (*${distributedSuffix})`;
  if (missing.length === 0)
    return { distributed: true, sentence: `Embedded world, and the distributed world (RabbitMQ and Redis are here; ${own}).` };
  return {
    distributed: false,
    sentence:
      `Embedded world only; the distributed world (${own}) is left out because ${missing.join(' and ')} cannot be found: ` +
      `"apt-get install ${missing.join(' ')}".`,
  };
}

function environment(servers: NodeJS.ProcessEnv, distributed: boolean): NodeJS.ProcessEnv {
  const world = distributed ? { SOUK_TEST_DISTRIBUTED: '1' } : {};
  // A test run inside a test run would report to the wrong parent.
  const { NODE_TEST_CONTEXT: _context, ...inherited } = process.env;
  return {
    ...inherited,
    ...world,
    SOUK_ENV_FILE: '0',
    ...servers,
    SOUK_TEST_FILE_LIMIT_MS: String(file_timeout_ms),
    SOUK_POSTGRES_SHARED: sharedPostgresFolder(),
  };
}

/** One PostgreSQL for all files, or the one that SOUK_TEST_POSTGRES_URL names, and one RabbitMQ; stopped whatever happens. */
async function onServers(with_rabbit: boolean, run: (env: NodeJS.ProcessEnv) => Promise<number>): Promise<number> {
  const given = process.env.SOUK_TEST_POSTGRES_URL;
  const postgres = given === undefined ? await startTestPostgres() : undefined;
  try {
    const rabbit = with_rabbit ? await startTestRabbitMq({ management: true }) : undefined;
    try {
      return await run({
        SOUK_TEST_POSTGRES_URL: given ?? postgres?.superuser_url,
        ...(rabbit && sharedRabbitEnvironment(rabbit)),
      });
    } finally {
      await rabbit?.close();
    }
  } finally {
    await postgres?.stop();
  }
}

/** Runs node:test as a child, so that its last words (the summary) are the last words of the run. */
function runFiles(files: readonly string[], options: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const settings = [`--test-concurrency=${filesMax}`, `--test-timeout=${test_timeout_ms}`, `--import=${fileLimit}`];
  const child = spawn(process.execPath, ['--test', ...settings, ...options, ...files], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  let ended_by: number | undefined;
  const end = (code: number): void => {
    if (ended_by !== undefined) return;
    ended_by = code;
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGKILL'), stop_grace_ms).unref();
  };
  const interrupted = (): void => end(130);
  const limit = setTimeout(() => {
    console.error(`souk test: not finished after ${run_timeout_ms / 60_000} minutes; stopping.`);
    end(1);
  }, run_timeout_ms);
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  return new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(ended_by ?? code ?? 1));
  }).finally(() => {
    clearTimeout(limit);
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  });
}
