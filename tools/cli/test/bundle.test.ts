/** The dependencies, bundled as the first command does it, beside the packages they were made of. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const bin = new URL('../bin/', import.meta.url);
const imports = new URL('bundled-imports.mjs', bin).href;
const { NODE_OPTIONS: _options, SOUK_BUNDLE: _bundle, ...env } = process.env;

let folder: string;
let files: Record<string, string | null>;

before(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'souk-bundle-')), 'made');
  await promisify(execFile)(process.execPath, [fileURLToPath(new URL('bundle.mjs', bin)), root, folder], { env });
  ({ files } = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as { files: Record<string, string | null> });
});
after(() => rm(join(folder, '..'), { recursive: true, force: true }));

/** Runs a module of the repository, with the bundle or without, and answers what it printed, as JSON. */
async function run(code: string, bundle: string | undefined): Promise<unknown> {
  const args = [`--import=${imports}`, '--input-type=module', '--eval', code];
  const variables = bundle === undefined ? env : { ...env, SOUK_BUNDLE: bundle };
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: join(root, 'tools/cli'), env: variables });
  return JSON.parse(stdout);
}

const namesOf = (specifiers: readonly string[]): string => `
  const names = {};
  for (const specifier of ${JSON.stringify(specifiers)}) {
    const loaded = await import(specifier);
    names[specifier] = Object.keys(loaded).filter((name) => name !== 'module.exports').map((name) => name + ': ' + typeof loaded[name]).sort();
  }
  console.log(JSON.stringify(names));`;

test('every dependency has the same names in the bundle as in its package', async () => {
  const specifiers = Object.keys(files);
  assert.ok(['typebox', 'typebox/compile', 'fastify', 'pg', 'undici'].every((specifier) => specifiers.includes(specifier)));
  assert.deepEqual(await run(namesOf(specifiers), folder), await run(namesOf(specifiers), undefined));
});

test('of commands that bundle at the same time the first one’s bundle stays, and a broken one is replaced', async () => {
  const bundler = fileURLToPath(new URL('bundle.mjs', bin));
  const other = join(folder, '..', 'other');
  const bundle = () => promisify(execFile)(process.execPath, [bundler, root, other], { env });
  await mkdir(other);
  const both = [bundle(), bundle()];
  await Promise.race(both);
  const first = (await stat(join(other, 'index.json'))).mtimeMs;
  await Promise.all(both);
  assert.equal((await stat(join(other, 'index.json'))).mtimeMs, first);
  assert.deepEqual((await readdir(join(folder, '..'))).sort(), ['made', 'other'], 'no draft is left');
});

test('the bundle is open to every user: a shop may run as another one than the owner of its sources', async () => {
  assert.equal((await stat(folder)).mode & 0o777, 0o755);
});

test('Souk’s own files import from the bundle, and the packages among themselves do not', async () => {
  const code = `
    const { registerHooks } = await import('node:module');
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    await import('@souk/service-kit');
    await import('fast-check');
    console.log(JSON.stringify(loaded));`;
  const loaded = (await run(code, folder)) as string[];
  const from = (part: string): number => loaded.filter((url) => url.includes(part)).length;
  assert.ok(from('/made/') > 10, 'the bundle');
  assert.ok(from('/packages/service-kit/src/') > 50, 'the sources as they are');
  assert.deepEqual(
    ['typebox', 'fastify', 'pg', 'undici'].filter((name) => from(`/node_modules/${name}/`) > 0),
    [],
  );
  assert.ok(from('/node_modules/fast-check/') > 0, 'what only tests use');
});

test('Souk’s own files are the same modules however they are found, and one that is missing is named with who asked for it', async () => {
  const probe = await mkdtemp(join(root, 'tools/cli/test/.probe-'));
  try {
    const kernel = relative(probe, join(root, 'packages/kernel/src/index.ts')).replaceAll('\\', '/');
    await writeFile(
      join(probe, 'same.ts'),
      `import { required as one } from '@souk/kernel'; import { required as other } from '${kernel}'; export const same: boolean = one === other;`,
    );
    await writeFile(join(probe, 'lost.ts'), "import './gone.ts';");
    const importing = (file: string): string => `await import(${JSON.stringify(pathToFileURL(join(probe, file)).href)})`;
    assert.deepEqual(await run(`const { same } = ${importing('same.ts')}; console.log(JSON.stringify(same));`, folder), true);
    await assert.rejects(run(`${importing('lost.ts')};`, folder), /gone\.ts' imported from .*lost\.ts/);
  } finally {
    await rm(probe, { recursive: true, force: true });
  }
});

test('without a bundle everything is imported from the packages', async () => {
  const code = `await import('typebox'); console.log(JSON.stringify('well'));`;
  assert.equal(await run(code, join(folder, 'nothing')), 'well');
});

test('a part of a package that was imported nowhere is refused, and the next command bundles anew', async () => {
  // Put together, or it would be imported here.
  const nowhere = ['typebox', 'format'].join('/');
  await assert.rejects(
    run(`await import(${JSON.stringify(nowhere)});`, folder),
    /typebox\/format was not imported anywhere .* Run the command again/s,
  );
  assert.equal(existsSync(join(folder, 'index.json')), false);
});
