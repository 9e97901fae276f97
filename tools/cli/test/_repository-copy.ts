/** A copy of the repository as a fresh clone would be, on the installed packages: what commands write there harms nothing. */
import { execFile } from 'node:child_process';
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { knownTypes } from '../src/check-run.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);

export interface RepositoryCopy {
  folder: string;
  git(...args: string[]): Promise<string>;
  /** Paths that differ from the commit. */
  changed(): Promise<string[]>;
  remove(): Promise<void>;
}

/** All files that git knows or would add, committed, with links to the packages of this repository. */
export async function copyRepository(): Promise<RepositoryCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-copy-'));
  // Open to all: root's PostgreSQL runs as another account, and would keep its data elsewhere, where nobody removes it.
  await chmod(folder, 0o755);
  const { stdout } = await run('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, maxBuffer: 16_000_000 });
  for (const path of stdout.trim().split('\n')) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await cp(join(root, path), join(folder, path));
  }
  await linkModules(folder);
  // What is known of the types of the files as they are: a check there looks at what is added.
  await copyFile(join(root, knownTypes(root)), join(root, knownTypes(`${folder}/`))).catch(ignoreMissing);
  const git = async (...args: string[]): Promise<string> =>
    (await run('git', ['-c', 'user.name=test', '-c', 'user.email=test@souk.example', ...args], { cwd: folder })).stdout;
  await git('init', '--quiet');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'copy');
  return {
    folder,
    git,
    async changed() {
      const lines = (await git('status', '--porcelain', '--untracked-files=all')).split('\n');
      return lines.filter((line) => line !== '').map((line) => line.slice(3));
    },
    async remove() {
      await rm(join(root, knownTypes(`${folder}/`)), { force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** There is none where nobody has run a check yet. */
function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** Its own @souk links, everything else of node_modules is that of the repository. */
async function linkModules(folder: string): Promise<void> {
  const modules = join(root, 'node_modules');
  await mkdir(join(folder, 'node_modules/@souk'), { recursive: true });
  for (const entry of await readdir(modules))
    if (entry !== '@souk') await symlink(join(modules, entry), join(folder, 'node_modules', entry));
  for (const entry of await readdir(join(modules, '@souk')))
    await symlink(await readlink(join(modules, '@souk', entry)), join(folder, 'node_modules/@souk', entry));
}
