// Bundles the dependencies of the programs into few files, once for each lock file: `node bundle.mjs ROOT FOLDER`. A process of Souk
// reads about 1,100 files of dependencies; finding, reading and linking them one by one was half of its start. What is Souk's own
// stays as it is, so that stack traces and debuggers show the sources.
import { existsSync } from 'node:fs';
import { chmod, glob, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { packageOf } from './bundled-imports.mjs';

const workspaces = ['packages/*', 'apps/*', 'services/*', 'platform', 'tools/cli'];
const sources = [...workspaces, 'tools/*', 'tests/*', 'bench'].map((workspace) => `${workspace}/**/*.{ts,mjs}`);
const specifierPattern = /(?:\bfrom|\bimport)[ (]*'([@a-z][^'\n]*)'/g;
const identifier = /^[A-Za-z_$][\w$]*$/;
/** Loaded only where it is installed, and it never is. */
const external = ['pg-native'];
/** Dependencies that are CommonJS ask for these, which an ES module does not have. */
const banner = `import { createRequire as requireFrom } from 'node:module';
import { dirname as folderOf } from 'node:path';
import { fileURLToPath as pathOf } from 'node:url';
const require = requireFrom(import.meta.url);
const __filename = pathOf(import.meta.url);
const __dirname = folderOf(__filename);`;

/** Dependencies of the programs. One of which a workspace has a version of its own stays where it is; so does what has to find its own files. */
async function dependenciesOf(root) {
  const found = new Set();
  const apart = new Set(['esbuild', 'sharp']);
  for await (const file of glob(
    workspaces.map((workspace) => `${workspace}/package.json`),
    { cwd: root },
  )) {
    const { dependencies = {} } = JSON.parse(await readFile(join(root, file), 'utf8'));
    for (const name of Object.keys(dependencies)) {
      found.add(name);
      if (name.startsWith('@souk/') || existsSync(join(root, dirname(file), 'node_modules', name))) apart.add(name);
    }
  }
  return found.difference(apart);
}

/** What the sources import of these packages, subpaths included. */
async function importedSpecifiers(root, packages) {
  const found = new Set();
  const exclude = (path) => path.endsWith('node_modules') || path.endsWith('violations');
  for await (const file of glob(sources, { cwd: root, exclude })) {
    for (const [, specifier] of (await readFile(join(root, file), 'utf8')).matchAll(specifierPattern))
      if (packages.has(packageOf(specifier))) found.add(specifier);
  }
  return [...found].sort();
}

/** A module with the same names as the package, or undefined where there is nothing to run: types, programs, data. */
async function entryOf(specifier) {
  const loaded = await import(specifier).catch(() => undefined);
  if (loaded === undefined) return undefined;
  const names = Object.keys(loaded).filter((name) => name !== 'default' && identifier.test(name));
  const quoted = JSON.stringify(specifier);
  return [
    `import * as all from ${quoted};`,
    ...('default' in loaded ? [`export { default } from ${quoted};`] : []),
    ...names.map((name, place) => `const member${place} = all.${name};`),
    `export { ${names.map((name, place) => `member${place} as ${name}`).join(', ')} };`,
  ].join('\n');
}

async function bundle(root, folder) {
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}-`);
  try {
    const packages = await dependenciesOf(root);
    const files = {};
    const contents = new Map();
    for (const specifier of await importedSpecifiers(root, packages)) {
      const entry = await entryOf(specifier);
      // Imported as it is.
      files[specifier] = null;
      if (entry === undefined) continue;
      const name = specifier.replaceAll(/[^a-z0-9-]/g, '_');
      files[specifier] = `${name}.mjs`;
      // As a module of Node: the default export of CommonJS is then what Node makes of it.
      contents.set(`entry:${name}.mjs`, entry);
    }
    await build({
      entryPoints: Object.fromEntries([...contents.keys()].map((name) => [name.slice('entry:'.length, -'.mjs'.length), name])),
      plugins: [virtualEntries(contents, root)],
      outdir: draft,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: `node${process.versions.node}`,
      external,
      banner: { js: banner },
      logLevel: 'silent',
    });
    await writeFile(join(draft, 'index.json'), JSON.stringify({ packages: packagesIn(files), files }));
    // Made for this user alone; a shop may run as another one than the owner of its sources.
    await chmod(draft, 0o755);
    await takePlace(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** The packages of which something is bundled. */
function packagesIn(files) {
  const bundled = Object.keys(files).filter((specifier) => files[specifier] !== null);
  return [...new Set(bundled.map(packageOf))];
}

/** Another command may have been first; one that is not whole, because it was made for imports that have changed, makes room. */
async function takePlace(draft, folder) {
  if (existsSync(join(folder, 'index.json'))) return;
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
}

/** The entries are not files. */
function virtualEntries(contents, root) {
  return {
    name: 'entries',
    setup(builder) {
      builder.onResolve({ filter: /^entry:/ }, ({ path }) => ({ path, namespace: 'entry' }));
      builder.onLoad({ filter: /.*/, namespace: 'entry' }, ({ path }) => ({ contents: contents.get(path), resolveDir: root }));
    },
  };
}

const [, , root, folder] = process.argv;
await bundle(root, folder);
