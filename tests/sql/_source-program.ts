/** The sources that may hold statements, with their types: one TypeScript program, of the files that name the database port only. */
import { glob, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface SourceProgram {
  checker: ts.TypeChecker;
  files: readonly ts.SourceFile[];
}

/** Path from the root of the repository, with slashes. */
export function pathOf(file: ts.SourceFile): string {
  return relative(root, file.fileName).replaceAll('\\', '/');
}

/** `planted` are further files by path, which exist in this program only. */
export async function loadSources(planted: ReadonlyMap<string, string>): Promise<SourceProgram> {
  const virtual = new Map([...planted].map(([path, text]) => [join(root, path), text]));
  const paths = [...(await pathsWithStatements()).map((path) => join(root, path)), ...virtual.keys()];
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    root,
    undefined,
    undefined,
    undefined,
    undefined,
  );
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile: read, getSourceFile } = host;
  host.fileExists = (path) => virtual.has(path) || fileExists(path);
  host.readFile = (path) => virtual.get(path) ?? read(path);
  host.getSourceFile = (path, language, ...rest) => {
    const text = virtual.get(path);
    return text === undefined ? getSourceFile(path, language, ...rest) : ts.createSourceFile(path, text, language);
  };
  const program = ts.createProgram(paths, options, host);
  const files = paths.map((path) => program.getSourceFile(path)).filter((file) => file !== undefined);
  return { checker: program.getTypeChecker(), files };
}

async function pathsWithStatements(): Promise<string[]> {
  const found: string[] = [];
  const exclude = (path: string): boolean => /(^|[\\/])node_modules$/.test(path);
  for await (const path of glob('{packages/*,services/*,platform}/src/**/*.ts', { cwd: root, exclude })) {
    if (path.endsWith('.test.ts')) continue;
    if (/\b(query|finish)\s*[<(]/.test(await readFile(join(root, path), 'utf8'))) found.push(path);
  }
  return found.sort();
}
