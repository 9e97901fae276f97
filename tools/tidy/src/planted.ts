import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
const violations = fileURLToPath(new URL('../violations/', import.meta.url));
const tool_timeout_ms = 60_000;

/**
 * Copies a tree of violations and the named configuration files of the repository into a fresh folder, so that a tool
 * checks them exactly as it checks the real code; the folder is removed when `work` ends.
 */
export async function withPlanted<T>(tree: string, configuration: readonly string[], work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-tidy-'));
  try {
    await cp(join(violations, tree), folder, { recursive: true });
    for (const file of configuration) await cp(join(root, file), join(folder, file));
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a tool of node_modules/.bin in that folder and answers all it said; a tool that refuses something ends non-zero. */
export function runTool(binary: string, args: readonly string[], folder: string): Promise<{ code: number | null; stdout: string }> {
  const child = spawn(process.execPath, [join(root, 'node_modules', '.bin', binary), ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: tool_timeout_ms,
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout: Buffer.concat(chunks).toString('utf8') }));
  });
}

/** Links the packages and services of a planted tree the way npm links workspaces, and plants hollow third-party packages. */
export async function linkWorkspaces(folder: string, thirdParty: readonly string[]): Promise<void> {
  for (const group of ['packages', 'apps', 'services']) {
    for (const name of await readdir(join(folder, group))) {
      const exports = { '.': './src/index.ts', './testing': './src/testing.ts' };
      await writeFile(join(folder, group, name, 'package.json'), JSON.stringify({ name: `@souk/${name}`, type: 'module', exports }));
      const link = join(folder, 'node_modules', '@souk', name);
      await mkdir(dirname(link), { recursive: true });
      await symlink(join(folder, group, name), link, 'junction');
    }
  }
  for (const name of thirdParty) {
    const place = join(folder, 'node_modules', name);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, 'package.json'), JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    await writeFile(join(place, 'index.js'), '');
  }
}
