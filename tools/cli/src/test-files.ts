/** Which files `souk test` runs, which of them together, and in what order. */
import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folders = ['tests', 'bench', 'platform', 'services', 'apps', 'packages', 'tools'];
/** They start whole shops and machines; the files of the others are short. */
const longFolders = ['tests', 'tools', 'platform'];
/** A test beside its source that does one of these may meet the test of another file in the same process. */
const reachesOut =
  /\b(?:process|globalThis)\.|\bmock\b|^(?:before|after)(?:Each)?\(|from '@souk\/[a-z-]+\/testing'|from 'node:(?!test'|assert\/strict')/m;

/** The test files whose path contains one of the words; without words all. Paths are relative to the repository. */
export async function findTestFiles(words: readonly string[]): Promise<string[]> {
  const wanted = words.map((word) => word.replaceAll('\\', '/').replace(/^\.\//, ''));
  const files: string[] = [];
  for (const folder of folders) {
    const exclude = (path: string): boolean => /(^|[\\/])(node_modules|violations|\.souk|\.tmp)$/.test(path);
    for await (const file of glob(`${folder}/**/*.test.ts`, { cwd: root, exclude })) files.push(file.replaceAll('\\', '/'));
  }
  return files.filter((file) => wanted.length === 0 || wanted.some((word) => join(root, file).replaceAll('\\', '/').includes(word)));
}

/** True for tests of functions beside their source that touch nothing which another file could see: they may share a process. */
export function isUnitTest(file: string, text: string): boolean {
  return file.includes('/src/') && !reachesOut.test(text);
}

/** What node:test is given: the unit tests as one file, written to `folder`, and the names of all others. */
export async function gatherUnitTests(files: readonly string[], folder: string): Promise<{ names: string[]; units: number }> {
  const units: string[] = [];
  for (const file of files) if (isUnitTest(file, await readFile(join(root, file), 'utf8'))) units.push(file);
  // A single one keeps its name in what is printed.
  if (units.length < 2) return { names: inOrder(files), units: units.length };
  const together = join(folder, 'unit-tests.test.mjs');
  await writeFile(together, units.map((file) => `import '${pathToFileURL(join(root, file)).href}';\n`).join(''));
  return { names: [together, ...inOrder(files.filter((file) => !units.includes(file)))], units: units.length };
}

/**
 * Long files first, so that two that run side by side end together. node:test sorts what it is given by name: a name from the root of
 * the file system comes before one that begins here.
 */
export function inOrder(files: readonly string[]): string[] {
  const isLong = (file: string): boolean => longFolders.some((folder) => file.startsWith(`${folder}/`));
  return files.map((file) => (isLong(file) ? join(root, file) : file)).sort();
}
