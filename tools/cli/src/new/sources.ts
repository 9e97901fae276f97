/** The files of the repository with edits that are held in memory until all of them are known to be possible. */
import { execFile } from 'node:child_process';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { refusal } from '@souk/contracts';

export interface Sources {
  has(path: string): Promise<boolean>;
  /** The text with the edits so far; throws `validation_failed` where there is no such file. */
  read(path: string): Promise<string>;
  write(path: string, text: string): void;
  /** All edits: the text to be, and what was there before. */
  edits(): readonly Edit[];
}

interface Edit {
  path: string;
  text: string;
  before: string | undefined;
}

export interface Written {
  path: string;
  existed: boolean;
}

const format_timeout_ms = 60_000;
const run = promisify(execFile);

/** Paths are relative to the root and use slashes. */
export function openSources(root: string): Sources {
  const texts = new Map<string, string>();
  const before = new Map<string, string>();
  return {
    has: async (path) => texts.has(path) || (await exists(join(root, path))),
    async read(path) {
      const edited = texts.get(path);
      if (edited !== undefined) return edited;
      const text = await readFile(join(root, path), 'utf8').catch((error: unknown) => {
        throw refusal('validation_failed', `${path} cannot be read.`, {}, error);
      });
      before.set(path, text);
      return text;
    },
    write(path, text) {
      texts.set(path, text);
    },
    edits: () => [...texts].map(([path, text]) => ({ path, text, before: before.get(path) })),
  };
}

/** Writes and formats all edits; when any part of that fails, every file is as it was before, and what failed is thrown. */
export async function applyPlan(root: string, sources: Sources): Promise<Written[]> {
  const edits = sources.edits();
  const made: string[] = [];
  try {
    for (const { path, text } of edits) {
      const first = await mkdir(dirname(join(root, path)), { recursive: true });
      if (first !== undefined) made.push(first);
      await writeFile(join(root, path), text);
    }
    await format(
      root,
      edits.map(({ path }) => path).filter((path) => /\.(ts|json)$/.test(path)),
    );
  } catch (error) {
    await undo(root, edits, made);
    throw error;
  }
  return edits
    .map(({ path, before }) => ({ path, existed: before !== undefined }))
    .sort((left, right) => (left.path < right.path ? -1 : 1));
}

async function format(root: string, paths: readonly string[]): Promise<void> {
  const biome = join(root, 'node_modules/.bin/biome');
  await run(process.execPath, [biome, 'check', '--write', '--colors=off', ...paths], { cwd: root, timeout: format_timeout_ms }).catch(
    (error: unknown) => {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw refusal('validation_failed', `What would be written does not pass the formatter:\n${stdout}${stderr}`, {}, error);
    },
  );
}

async function undo(root: string, edits: readonly Edit[], made: readonly string[]): Promise<void> {
  for (const { path, before } of edits) {
    if (before === undefined) await rm(join(root, path), { force: true });
    else await writeFile(join(root, path), before);
  }
  for (const folder of made) await rm(folder, { recursive: true, force: true });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
