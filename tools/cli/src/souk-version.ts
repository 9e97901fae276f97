import { readFile } from 'node:fs/promises';

/** The version that package.json of the repository states. */
export async function soukVersion(): Promise<string> {
  const text = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
