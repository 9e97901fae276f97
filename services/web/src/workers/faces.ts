/**
 * The files that were built for browsers. The folder is read when something of it is asked for: a shop that starts while they are
 * being built has them as soon as they are there.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Coding, contentTag, type Form, type Publication } from './publication.ts';

export interface ConsoleFiles {
  readonly script: string;
  readonly style: string;
  readonly preloaded: readonly string[];
  readonly fonts: readonly string[];
  /** As addresses name them. */
  readonly screens: readonly string[];
}

interface Manifest {
  readonly console: ConsoleFiles;
  readonly files: Readonly<Record<string, { readonly gzip_bytes: number }>>;
}

export interface Faces {
  /** Names of the files of the console, or why there are none. */
  consoleFiles(): Promise<ConsoleFiles | { problem: string }>;
  find(name: string): Promise<Publication | undefined>;
}

const mediaTypes: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', woff2: 'font/woff2' };
const suffixes: Readonly<Record<Coding, string>> = { br: '.br', gzip: '.gz', identity: '' };

/** Without a folder there are no such files, and `consoleFiles` says so. */
export function openFaces(folder: string | undefined): Faces {
  let read: Manifest | undefined;
  const published = new Map<string, Publication>();
  const manifest = async (): Promise<Manifest | undefined> => {
    if (folder === undefined) return undefined;
    read ??= await jsonOf<Manifest>(join(folder, 'manifest.json'));
    return read;
  };
  return {
    async consoleFiles() {
      const found = await manifest();
      if (found !== undefined) return found.console;
      if (folder === undefined) return { problem: 'FACES_FOLDER names no folder with its files.' };
      const failed = await jsonOf<{ problem: string }>(join(folder, 'problem.json'));
      return failed ?? { problem: 'Its files are not there yet; they may be being built.' };
    },
    async find(name) {
      const file = (await manifest())?.files[name];
      if (folder === undefined || file === undefined) return undefined;
      const found = published.get(name) ?? publicationOf(folder, name, file.gzip_bytes > 0);
      published.set(name, found);
      return found;
    },
  };
}

function publicationOf(folder: string, name: string, is_coded: boolean): Publication {
  const forms = new Map<Coding, Promise<Form>>();
  const load = async (coding: Coding): Promise<Form> => {
    const body = await readFile(join(folder, `${name}${suffixes[coding]}`));
    return { coding, body, tag: contentTag(body) };
  };
  return {
    media_type: mediaTypes[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    form(wanted) {
      const coding = is_coded ? wanted : 'identity';
      const form = forms.get(coding) ?? load(coding);
      forms.set(coding, form);
      return form;
    },
  };
}

async function jsonOf<Content>(path: string): Promise<Content | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Content);
}
