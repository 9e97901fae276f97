/** Compares the documents with the files, and writes them: a schema only when it is compatible with its committed form. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { breakingChanges } from '@souk/contracts/reference';
import { apiBreaks, releaseFolder } from './api-releases.ts';
import type { Document } from './document.ts';
import { schemaFolder } from './event-schemas.ts';

export interface Staleness {
  /** Documents whose file is missing or different. */
  stale: string[];
  /** Committed schemas of events that are declared no more. */
  left_over: string[];
}

/** What differs between the documents and the files below `root`; changes nothing. */
export async function staleDocuments(root: string, wanted: readonly Document[]): Promise<Staleness> {
  const stale: string[] = [];
  for (const { path, text } of wanted) if ((await textOf(join(root, path))) !== text) stale.push(path);
  const names = new Set(wanted.map((document) => document.path));
  const present = await listSchemas(root);
  return { stale, left_over: present.filter((path) => !names.has(path)) };
}

/** Writes the documents. Throws, before anything is written, when an event or the API changed in a way that breaks who uses it. */
export async function writeDocuments(root: string, wanted: readonly Document[]): Promise<void> {
  const breaks = (await Promise.all(wanted.map((document) => breaksOf(root, document)))).flat();
  if (breaks.length > 0) {
    throw new Error(
      `within a version only optional members may be added:\n${breaks.map((line) => `  ${line}`).join('\n')}\nDeclare a new event type, and publish both until the old queues are empty.`,
    );
  }
  refuseBrokenApi(root, wanted);
  for (const { path, text } of wanted) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

function refuseBrokenApi(root: string, wanted: readonly Document[]): void {
  if (!wanted.some(({ path }) => path.startsWith(releaseFolder))) return;
  const breaks = apiBreaks(pathToFileURL(`${root}/`), new Date().toISOString().slice(0, 10));
  if (breaks.length === 0) return;
  throw new Error(
    `these changes break clients of the API:\n${breaks.map((line) => `  ${line}`).join('\n')}\nDeclare a new route or member beside the old one, and deprecate the old one.`,
  );
}

async function breaksOf(root: string, { path, text }: Document): Promise<string[]> {
  if (!path.startsWith(schemaFolder)) return [];
  const committed = await textOf(join(root, path));
  if (committed === undefined) return [];
  return breakingChanges(JSON.parse(committed) as object, JSON.parse(text) as object).map((line) => `${path}: ${line}`);
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function listSchemas(root: string): Promise<string[]> {
  try {
    const names = await readdir(join(root, schemaFolder));
    return names
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => `${schemaFolder}${name}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
