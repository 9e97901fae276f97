import { type FileHandle, open, readFile, rename, stat } from 'node:fs/promises';

const sizeMaxBytes = 4 * 1024 * 1024;
const checkEveryMs = 30_000;
const tailLines = 20;

/** The file the server writes to. It goes on writing there when we are gone, which a pipe would not allow. */
export interface ServerLog {
  fd: number;
  /** The last lines since this launcher opened it. */
  tail(): Promise<string>;
  close(): Promise<void>;
}

/** Opens the log; the one of the run before is kept as `<file>.1`, and a log that grows too large is cut to nothing. */
export async function openServerLog(path: string): Promise<ServerLog> {
  await rename(path, `${path}.1`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  const file: FileHandle = await open(path, 'a', 0o600);
  const timer = setInterval(() => void cut(path, file), checkEveryMs);
  timer.unref();
  return {
    fd: file.fd,
    tail: async () => (await readFile(path, 'utf8').catch(() => '')).trim().split('\n').slice(-tailLines).join('\n'),
    close: async () => {
      clearInterval(timer);
      await file.close();
    },
  };
}

async function cut(path: string, file: FileHandle): Promise<void> {
  const size = await stat(path).then(
    (entry) => entry.size,
    () => 0,
  );
  if (size > sizeMaxBytes) await file.truncate(0);
}
