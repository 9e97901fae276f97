/** The flags of Node for a process that serves one service; the image reads the same file. */
import { readFileSync } from 'node:fs';

const file = new URL('../../../infrastructure/docker/node-flags', import.meta.url);

/** Read anew for each process that is planned: before any of them serves. */
export function nodeFlags(): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('--'));
}
