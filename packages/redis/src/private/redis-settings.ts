/** The file a private server is started with. It holds the password, so it is readable for us alone, and it stays: who comes after a crash finds the server by it. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface RedisSettings {
  port: number;
  password: string;
  appendonly: boolean;
}

const fileName = 'redis.conf';

/** Writes the file, whole or not at all; answers its path. */
export async function writeSettings(folder: string, { port, password, appendonly }: RedisSettings): Promise<string> {
  const path = join(folder, fileName);
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(folder)}`,
    `appendonly ${appendonly ? 'yes' : 'no'}`,
    'appendfsync everysec',
    'save ""',
    'daemonize no',
    // What lives longest (marks of invalidation, the registry) must be the last to go.
    'maxmemory 256mb',
    'maxmemory-policy volatile-ttl',
  ];
  await writeFile(`${path}.new`, `${lines.join('\n')}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return path;
}

/** What the last server in this folder was started with; undefined when there was none. */
export async function readSettings(folder: string): Promise<RedisSettings | undefined> {
  const text = await readFile(join(folder, fileName), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const port = Number(/^port (\d+)$/m.exec(text)?.[1]);
  const password = /^requirepass (\S+)$/m.exec(text)?.[1];
  if (password === undefined || !Number.isInteger(port)) return undefined;
  return { port, password, appendonly: /^appendonly yes$/m.test(text) };
}
