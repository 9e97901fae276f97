import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const schemaFolder = new URL('../schemas/', import.meta.url);

export interface SourceText {
  path: string;
  text: string;
}

/** Every source file that ships: of packages, services and tools, without tests. */
export async function sources(): Promise<SourceText[]> {
  const exclude = (path: string): boolean => /(^|[\\/])(node_modules|violations|test|testing)$/.test(path);
  const found: SourceText[] = [];
  for await (const path of glob('{packages,services,tools}/*/src/**/*.ts', { cwd: root, exclude })) {
    if (!path.endsWith('.test.ts')) found.push({ path, text: await readFile(join(root, path), 'utf8') });
  }
  return found;
}
