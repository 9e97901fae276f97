/** The file a server writes to. It goes on writing there when we are gone, which a pipe would not allow. */
import { closeSync, openSync, renameSync } from 'node:fs';
import { readFile, stat, truncate } from 'node:fs/promises';

const sizeMaxBytes = 4 * 1024 * 1024;
const checkEveryMs = 30_000;
const tailLines = 20;

/** Keeps the file of the run before as `<path>.1`. */
export function rotate(path: string): void {
  try {
    renameSync(path, `${path}.1`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Hands the open file to `use`, which gives it to a process. */
export function withOutput<T>(path: string, use: (fd: number) => T): T {
  const fd = openSync(path, 'a', 0o600);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

/** The last lines in it. */
export async function tailOf(path: string): Promise<string> {
  return (await readFile(path, 'utf8').catch(() => '')).trim().split('\n').slice(-tailLines).join('\n');
}

/** Cuts the file to nothing whenever it has grown too large, until the signal. */
export function limitSize(path: string, signal: AbortSignal): void {
  const timer = setInterval(() => {
    const cut = stat(path).then(({ size }) => (size > sizeMaxBytes ? truncate(path, 0) : undefined));
    // It was taken away: the server writes on to what has no name, and there is nothing to cut.
    cut.catch(() => undefined);
  }, checkEveryMs);
  timer.unref();
  signal.addEventListener('abort', () => clearInterval(timer));
}
