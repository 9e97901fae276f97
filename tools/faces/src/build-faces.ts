/** Builds what browsers load of the console, once for each state of its sources. */
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { contractsForBrowsers } from './browser-routes.ts';
import { hashInputs } from './inputs.ts';
import { manifestOf } from './manifest.ts';

export interface FacesBuild {
  /** Where the files and `manifest.json` are, or `problem.json` where they could not be built. */
  readonly folder: string;
  /** Settles when they are there; never rejects. */
  readonly done: Promise<FacesOutcome>;
}

export interface FacesOutcome {
  /** False where they were there before. */
  readonly built: boolean;
  /** Why there are none. */
  readonly problem?: string;
}

export interface FacesPlaces {
  /** Of the repository. */
  root: string;
  /** Holds a folder for each build. */
  cache: string;
}

const buildsKept = 3;
const compressedFrom = 1_024;
const compressible = /\.(?:js|css)$/;

const ownRoot = fileURLToPath(new URL('../../../', import.meta.url));
const ownPlaces: FacesPlaces = { root: ownRoot, cache: join(ownRoot, 'node_modules', '.cache', 'faces') };

/** Begins a build where nothing has been built from these sources yet. The folder is known at once. */
export function buildFaces({ root, cache }: FacesPlaces = ownPlaces): FacesBuild {
  let folder: string;
  try {
    folder = join(cache, hashInputs(root));
  } catch (error) {
    const unread = join(cache, 'unread');
    return { folder: unread, done: saidWhy(unread, error) };
  }
  if (existsSync(join(folder, 'manifest.json'))) return { folder, done: Promise.resolve({ built: false }) };
  return { folder, done: buildInto(root, folder) };
}

async function buildInto(root: string, folder: string): Promise<FacesOutcome> {
  try {
    await buildOnce(root, folder);
    await removeOld(folder);
    return { built: true };
  } catch (error) {
    return saidWhy(folder, error);
  }
}

/** The shop works without it, and its page says why there is none; where not even that can be written, it says that there is none. */
async function saidWhy(folder: string, error: unknown): Promise<FacesOutcome> {
  const problem = error instanceof Error ? error.message : String(error);
  await mkdir(folder, { recursive: true })
    .then(() => writeFile(join(folder, 'problem.json'), JSON.stringify({ problem })))
    .catch(() => undefined);
  return { built: false, problem };
}

/** In a folder of its own, which then takes its place: who looks meanwhile sees nothing or all of it. */
async function buildOnce(root: string, folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}-`);
  // Loaded only where there is something to build: nearly every start finds it done.
  const { build, stop } = await import('esbuild');
  try {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: { console: 'apps/console/src/main.tsx', style: 'apps/console/styles/console.css' },
      outdir: draft,
      entryNames: '[name]-[hash]',
      chunkNames: '[name]-[hash]',
      assetNames: '[name]-[hash]',
      publicPath: '/console/files',
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2024',
      minify: true,
      jsx: 'automatic',
      jsxImportSource: 'preact',
      loader: { '.woff2': 'file' },
      plugins: [contractsForBrowsers],
      metafile: true,
      logLevel: 'silent',
    });
    const gzipBytes = await compressAll(draft);
    await writeFile(join(draft, 'manifest.json'), JSON.stringify(manifestOf(metafile, gzipBytes)));
    // Made for this user alone; a shop may run as another one than the owner of its sources.
    await chmod(draft, 0o755);
    await takePlace(draft, folder);
  } finally {
    // Its process would stay as long as this one.
    await stop();
    await rm(draft, { recursive: true, force: true });
  }
}

/** Bytes of the gzip form by name. */
async function compressAll(folder: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const body = await readFile(join(folder, name));
      if (!compressible.test(name) || body.length < compressedFrom) return;
      const [br, gz] = await Promise.all([
        promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }),
        promisify(gzip)(body, { level: 9 }),
      ]);
      sizes.set(name, gz.length);
      await Promise.all([writeFile(join(folder, `${name}.br`), br), writeFile(join(folder, `${name}.gz`), gz)]);
    }),
  );
  return sizes;
}

/** Another command may have been first; the note of a build that failed makes room. */
async function takePlace(draft: string, folder: string): Promise<void> {
  if (existsSync(join(folder, 'manifest.json'))) return;
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
}

/** A shop that runs from an older build keeps its files while that is one of the last. */
async function removeOld(folder: string): Promise<void> {
  const cache = dirname(folder);
  const names = (await readdir(cache)).filter((name) => name !== basename(folder));
  const dated = await Promise.all(names.map(async (name) => ({ name, changed_ms: (await stat(join(cache, name))).mtimeMs })));
  dated.sort((one, other) => other.changed_ms - one.changed_ms);
  await Promise.all(dated.slice(buildsKept - 1).map(({ name }) => rm(join(cache, name), { recursive: true, force: true })));
}
