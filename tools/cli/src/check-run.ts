import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { glob } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { mapBounded } from '@souk/kernel';

/**
 * `souk check`: everything that can be said about the code without running the platform. The tools run two at a time,
 * the longest first; each gets one line, a failing one also its own words.
 */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const tools_at_once = 2;
const tool_timeout_ms = 120_000;
const sources = ['packages', 'apps', 'services', 'platform', 'tools', 'tests', 'bench'];

/**
 * Where a repository in this folder (an absolute path that ends in a slash) keeps what the last run found out about each file, by its
 * content: another run looks at what has changed. Copies of a repository may share packages, so that each has its own.
 */
export function knownTypes(folder: string): string {
  return `node_modules/.cache/types/${createHash('sha256').update(folder).digest('hex').slice(0, 16)}.tsbuildinfo`;
}

interface Outcome {
  passed: boolean;
  output: string;
}

interface Tool {
  name: string;
  about: string;
  run(): Promise<Outcome>;
}

const tools: readonly Tool[] = [
  { name: 'tidy', about: 'house rules, and every guard proved awake', run: tidy },
  { name: 'knip', about: 'dead files, exports, dependencies', run: () => node('knip', ['--no-progress', '--no-config-hints']) },
  { name: 'dependency-cruiser', about: 'who imports whom', run: boundaries },
  { name: 'tsc', about: 'types (TypeScript 7)', run: types },
  { name: 'biome', about: 'format and lint', run: () => node('biome', ['check', '--colors=off', '--max-diagnostics=60', '.']) },
];

/** Runs all checks and answers the exit code: 0 when every tool passed. */
export async function runCheck(): Promise<number> {
  const started_ms = performance.now();
  const failed: string[] = [];
  await mapBounded(tools, tools_at_once, async (tool) => {
    const tool_started_ms = performance.now();
    const outcome = await tool.run();
    const took_ms = Math.round(performance.now() - tool_started_ms);
    console.log(`${outcome.passed ? 'ok    ' : 'FAILED'} ${tool.name.padEnd(18)} ${String(took_ms).padStart(6)} ms  ${tool.about}`);
    if (outcome.passed) return;
    failed.push(tool.name);
    console.log(`${outcome.output.trim()}\n`);
  });
  const took_s = ((performance.now() - started_ms) / 1000).toFixed(1);
  console.log(failed.length === 0 ? `All checks passed in ${took_s} s.` : `${failed.join(', ')} failed; ${took_s} s.`);
  return failed.length === 0 ? 0 : 1;
}

/** Runs a tool of node_modules/.bin on this very Node. */
function node(binary: string, args: readonly string[]): Promise<Outcome> {
  return execute([fileURLToPath(new URL(`../../../node_modules/.bin/${binary}`, import.meta.url)), ...args]);
}

function execute(args: readonly string[]): Promise<Outcome> {
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: tool_timeout_ms });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ passed: false, output: error.message }));
    child.on('close', (code, signal) => {
      const ending = signal === null ? '' : `\nended by ${signal} (limit ${tool_timeout_ms} ms)`;
      resolve({ passed: code === 0, output: output + ending });
    });
  });
}

/** TypeScript 6 is installed too, as a parser for dependency-cruiser; the checker must stay 7. */
async function types(): Promise<Outcome> {
  const version = await node('tsc', ['--version']);
  if (!/Version 7\./.test(version.output)) {
    return {
      passed: false,
      output: `node_modules/.bin/tsc answers "${version.output.trim()}", wanted 7: keep the @typescript/native alias in package.json.`,
    };
  }
  // What runs in browsers has settings of its own: it knows the DOM, and is written with JSX.
  const outcomes = await Promise.all(
    ['', 'apps/console/'].map((project) =>
      node('tsc', ['-p', `./${project}`, '--pretty', 'false', '--incremental', '--tsBuildInfoFile', knownTypes(`${root}${project}`)]),
    ),
  );
  return { passed: outcomes.every(({ passed }) => passed), output: outcomes.map(({ output }) => output).join('') };
}

/** A boundary check that saw no files is green too, so the number of modules it saw must reach the number of files. */
async function boundaries(): Promise<Outcome> {
  const outcome = await node('depcruise', ['--config', '.dependency-cruiser.mjs', '--output-type', 'err', ...sources]);
  if (!outcome.passed) return outcome;
  const cruised = Number(/(\d+) modules/.exec(outcome.output)?.[1] ?? 0);
  const files = await countSources();
  if (cruised >= files) return outcome;
  return {
    passed: false,
    output: `dependency-cruiser saw ${cruised} modules of ${files} files: it checked nothing (is the TypeScript 6 alias installed?)`,
  };
}

async function countSources(): Promise<number> {
  const exclude = (path: string): boolean => /(^|[\\/])(node_modules|violations|dist)$/.test(path);
  let files = 0;
  for await (const _file of glob(`{${sources.join(',')}}/**/*.{ts,tsx}`, { cwd: root, exclude })) files += 1;
  return files;
}

async function tidy(): Promise<Outcome> {
  const tests: string[] = [];
  for await (const file of glob('tools/tidy/{src,test}/**/*.test.ts', { cwd: root })) tests.push(file);
  if (tests.length === 0) return { passed: false, output: 'tools/tidy has no tests.' };
  return execute(['--test', '--test-reporter=dot', ...tests.sort()]);
}
