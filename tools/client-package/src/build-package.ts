/** The client as others install it: one JavaScript file, and types that need nothing else. */
import { spawn } from 'node:child_process';
import { cp, glob, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { operationDeclarations } from './operation-declarations.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const source = join(root, 'packages/client');
/** What browsers and Node have had since 2024. */
const target = 'es2022';

/** Writes the package into `folder`, in the place of what was there. Throws with the words of the compiler when it refuses. */
export async function buildPackage(folder: string): Promise<void> {
  const made = await mkdtemp(join(tmpdir(), 'souk-client-'));
  try {
    await Promise.all([bundle(join(made, 'index.js'), false), bundle(join(made, 'index.min.js'), true), declarations(join(made, 'types'))]);
    await writeFile(join(made, 'package.json'), `${JSON.stringify(await manifest(), undefined, 2)}\n`);
    await writeFile(join(made, 'README.md'), await readme());
    await cp(join(root, 'LICENSE'), join(made, 'LICENSE'));
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    for (const part of await readdir(made)) await cp(join(made, part), join(folder, part), { recursive: true });
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

async function bundle(outfile: string, minify: boolean): Promise<void> {
  const entry = join(source, 'src/index.ts');
  await build({ entryPoints: [entry], outfile, bundle: true, minify, format: 'esm', platform: 'browser', target, logLevel: 'silent' });
}

/** Types as the compiler sees them, but for those that come from the contracts. */
async function declarations(folder: string): Promise<void> {
  const settings = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { noEmit: false, declaration: true, emitDeclarationOnly: true, outDir: folder, rootDir: join(source, 'src') },
    files: [join(source, 'src/index.ts')],
    include: [],
  };
  await mkdir(folder, { recursive: true });
  // Beside the sources, since the compiler looks for @types from the folder of its settings.
  const workshop = await mkdtemp(join(root, 'node_modules', '.client-types-'));
  try {
    const project = join(workshop, 'tsconfig.json');
    await writeFile(project, JSON.stringify(settings));
    await compile(['-p', project, '--pretty', 'false']);
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
  await writeFile(join(folder, 'operation-types.d.ts'), operationDeclarations());
  for await (const file of glob('*.d.ts', { cwd: folder })) {
    const text = await readFile(join(folder, file), 'utf8');
    await writeFile(join(folder, file), text.replaceAll(/(\bfrom '\.\/[a-z-]+)\.ts'/g, "$1.js'"));
    if (text.includes('@souk/')) throw new Error(`${file} needs another package: only operation-types.ts may name one.`);
  }
}

async function compile(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'node_modules/.bin/tsc'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let words = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`The types of the client were not written:\n${words}`);
}

/** What the README says to those who work on the client is left out. */
async function readme(): Promise<string> {
  const text = await readFile(join(source, 'README.md'), 'utf8');
  const end = text.indexOf('| File | Holds |');
  if (end < 0) throw new Error('README.md of the client has no table of files, before which the part for users ends.');
  return `${text.slice(0, end).trimEnd()}\n`;
}

async function manifest(): Promise<object> {
  const { name, version, type, license, sideEffects } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  return {
    ...{ name, version, type, license, sideEffects },
    description: 'A typed client of the Souk API for browsers and Node.',
    engines: { node: '>=22' },
    exports: {
      '.': { types: './types/index.d.ts', default: './index.js' },
      './min': { types: './types/index.d.ts', default: './index.min.js' },
    },
    types: './types/index.d.ts',
  };
}
