/** A real Prometheus on a free port, with the committed configuration and what a test must override of it. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '@souk/platform/testing';
import { stringify } from 'yaml';

export interface Series {
  metric: Record<string, string>;
  /** Of a range: time and value of each step. */
  values: [number, string][];
}

export interface Prometheus {
  url: string;
  /** Milliseconds since the epoch. */
  started_at: number;
  /** What the expression gave at each step since the start. */
  sinceStart(expr: string): Promise<Series[]>;
  /** What it gives now. */
  now(expr: string): Promise<{ metric: Record<string, string>; value: number }[]>;
  /** The labels of every series a selector has met since the start. */
  seriesOf(selector: string): Promise<Record<string, string>[]>;
  /** Every rule, and whether it could be evaluated. */
  rules(): Promise<{ name: string; health: string }[]>;
  /** Writes a file of rules beside the others, or anew, and lets Prometheus read all of them again. */
  useRules(name: string, rules: object): Promise<void>;
  stop(): Promise<void>;
}

export interface PrometheusOptions {
  port: number;
  /** The parsed configuration; its rule files are written beside it. */
  config: object;
  rules: Readonly<Record<string, object>>;
}

const run = promisify(execFile);
const step_s = 2;
const startLimitMs = 20_000;

/** The path of a program, or undefined where it is not installed. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin']) {
    const path = join(folder, name);
    const found = await access(path).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}

/** Runs promtool and answers what it printed; throws with that where it refuses. */
export async function promtool(program: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await run(program, args).catch((error: unknown) => {
    const { stdout: out = '', stderr: err = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`promtool ${args.join(' ')}\n${out}${err}`, { cause: error });
  });
  return stdout + stderr;
}

export async function startPrometheus(program: string, { port, config, rules }: PrometheusOptions): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-prometheus-'));
  const url = `http://127.0.0.1:${port}`;
  await mkdir(join(folder, 'rules'));
  await writeFile(join(folder, 'prometheus.yml'), stringify(config));
  for (const [name, rule] of Object.entries(rules)) await writeFile(join(folder, 'rules', name), stringify(rule));
  const settings = [`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'series')}`];
  const child = spawn(
    program,
    [...settings, `--web.listen-address=127.0.0.1:${port}`, '--log.level=warn', '--enable-feature=exemplar-storage'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words += chunk.toString();
  });
  const started_at = Date.now();
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`Prometheus ended:\n${words}`);
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    return answer?.status === 200 ? undefined : `Prometheus is not ready:\n${words}`;
  }, startLimitMs);
  return {
    ...asking(url, started_at),
    url,
    started_at,
    async useRules(name, each) {
      await writeFile(join(folder, 'rules', name), stringify(each));
      child.kill('SIGHUP');
    },
    stop: () => end(child, folder),
  };
}

function asking(url: string, started_at: number): Pick<Prometheus, 'sinceStart' | 'now' | 'seriesOf' | 'rules'> {
  const ask = async <T>(path: string, query: Record<string, string>, method = 'POST'): Promise<T> => {
    const answer = await fetch(`${url}/api/v1/${path}`, method === 'GET' ? {} : { method, body: new URLSearchParams(query) });
    const body = (await answer.json()) as { status: string; error?: string; data: T };
    if (body.status !== 'success') throw new Error(`Prometheus refuses ${JSON.stringify(query)}: ${body.error}`);
    return body.data;
  };
  const since = () => ({ start: String(started_at / 1_000), end: String(Date.now() / 1_000) });
  return {
    sinceStart: async (expr) => (await ask<{ result: Series[] }>('query_range', { query: expr, ...since(), step: String(step_s) })).result,
    async now(expr) {
      const { result } = await ask<{ result: { metric: Record<string, string>; value: [number, string] }[] }>('query', { query: expr });
      return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
    async rules() {
      const { groups } = await ask<{ groups: { rules: { name: string; health: string }[] }[] }>('rules', {}, 'GET');
      return groups.flatMap(({ rules }) => rules);
    },
    seriesOf: (selector) => ask('series', { 'match[]': selector, ...since() }),
  };
}

async function end(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  }
  await rm(folder, { recursive: true, force: true });
}
