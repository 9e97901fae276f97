/** What was built, for those who serve it. */
import type { Metafile } from 'esbuild';

export interface BuiltFile {
  bytes: number;
  /** 0 where it is not kept in a coded form beside it. */
  gzip_bytes: number;
  /** Files that it loads at once. */
  imports: string[];
  /** Files that it loads when they are needed. */
  later: string[];
}

export interface Manifest {
  /** Names of the files that the page of the console names, of the screens that there are, and of the files with the words of a language. */
  console: { script: string; style: string; preloaded: string[]; fonts: string[]; screens: string[]; words: string[] };
  files: Record<string, BuiltFile>;
}

/** A screen is a folder with a file of its name, which is also its name in addresses. */
const screenForm = /^apps\/console\/src\/screens\/([a-z-]+)\/\1\.tsx$/;
const wordsForm = /^apps\/console\/src\/words\/[a-z]{2}\.ts$/;
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Throws where an entry was not built. */
export function manifestOf({ outputs }: Metafile, gzipBytes: ReadonlyMap<string, number>): Manifest {
  const files: Record<string, BuiltFile> = {};
  for (const [path, { bytes, imports }] of Object.entries(outputs)) {
    const importsOf = (kind: 'import-statement' | 'dynamic-import'): string[] =>
      imports.filter((one) => one.kind === kind && one.external !== true).map((one) => nameOf(one.path));
    files[nameOf(path)] = {
      bytes,
      gzip_bytes: gzipBytes.get(nameOf(path)) ?? 0,
      imports: importsOf('import-statement'),
      later: importsOf('dynamic-import'),
    };
  }
  const script = entryIn(outputs, 'apps/console/src/main.tsx');
  return {
    console: {
      script,
      style: entryIn(outputs, 'apps/console/styles/console.css'),
      preloaded: loadedWith(files, script).filter((name) => name !== script),
      screens: Object.values(outputs).flatMap(({ entryPoint }) => screenForm.exec(entryPoint ?? '')?.[1] ?? []),
      words: Object.entries(outputs).flatMap(([path, { entryPoint }]) => (wordsForm.test(entryPoint ?? '') ? [nameOf(path)] : [])),
      fonts: Object.keys(files).filter((name) => name.endsWith('.woff2')),
    },
    files,
  };
}

/** The file and all that it loads at once. */
export function loadedWith(files: Readonly<Record<string, BuiltFile>>, file: string): string[] {
  const found = new Set([file]);
  for (const name of found) for (const one of files[name]?.imports ?? []) found.add(one);
  return [...found];
}

function entryIn(outputs: Metafile['outputs'], entry: string): string {
  const found = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === entry);
  if (found === undefined) throw new Error(`${entry} was not built`);
  return nameOf(found[0]);
}
