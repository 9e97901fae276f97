/** One run of test files in one process, with a mutant or without, that ends at the first failure and at its time limit. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceEdit } from './source-edits.ts';

const register = new URL('./inside/register.ts', import.meta.url).href;
const firstFailure = new URL('./inside/first-failure.ts', import.meta.url).href;
const outputMax = 20_000;

export interface StageRun {
  result: 'passed' | 'failed' | 'timed_out';
  took_ms: number;
  /** Name of the test that failed, or what the process wrote. */
  words: string;
  /** Absolute paths of the files of the repository that were loaded; empty after a failure. */
  loaded: ReadonlySet<string>;
}

export interface StageOptions {
  root: string;
  files: readonly string[];
  env: NodeJS.ProcessEnv;
  limit_ms: number;
  edit?: SourceEdit;
  /** Files that are loaded are written down. */
  observed?: boolean;
  signal: AbortSignal;
}

/** Rejects only when no process can be started. */
export async function runStage(options: StageOptions): Promise<StageRun> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-mutant-'));
  try {
    const mutant = join(folder, 'mutant.json');
    const list = join(folder, 'loaded.json');
    if (options.edit !== undefined) await writeFile(mutant, JSON.stringify(options.edit));
    const { NODE_TEST_CONTEXT: _context, ...inherited } = options.env;
    const env = {
      ...inherited,
      SOUK_ENV_FILE: '0',
      ...(options.edit && { SOUK_MUTANT: mutant }),
      ...(options.observed && { SOUK_MUTATION_LOADED: list }),
    };
    const began = performance.now();
    const ended = await runProcess(options, env);
    const took_ms = Math.round(performance.now() - began);
    const loaded = options.observed && ended.result === 'passed' ? (JSON.parse(await readFile(list, 'utf8')) as string[]) : [];
    return { ...ended, took_ms, loaded: new Set(loaded) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runProcess({ root, files, limit_ms, signal }: StageOptions, env: NodeJS.ProcessEnv): Promise<Pick<StageRun, 'result' | 'words'>> {
  const settings = ['--test', '--test-isolation=none', `--import=${register}`, `--test-reporter=${firstFailure}`];
  // A group of its own: what a test has started ends with it.
  const child = spawn(process.execPath, [...settings, ...files], { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let words = '';
  let timed_out = false;
  const keep = (chunk: Buffer): void => {
    if (words.length < outputMax) words += String(chunk);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const end = (): void => endGroup(child.pid);
  const limit = setTimeout(() => {
    timed_out = true;
    end();
  }, limit_ms);
  signal.addEventListener('abort', end);
  return new Promise<Pick<StageRun, 'result' | 'words'>>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      end();
      resolve({ result: timed_out ? 'timed_out' : code === 0 ? 'passed' : 'failed', words: words.trim() });
    });
  }).finally(() => {
    clearTimeout(limit);
    signal.removeEventListener('abort', end);
  });
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it runs any more.
  }
}

export const rootFolder = fileURLToPath(new URL('../../../', import.meta.url));
