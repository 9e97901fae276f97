/** The file a local server is started with. It holds the password, so it is readable for us alone; the next server takes the same one. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '@souk/kernel/files';

export interface RedisSettings {
  port: number;
  password: string;
  appendonly: boolean;
}

const fileName = 'redis.conf';

/** Writes the file, whole or not at all. */
export async function writeSettings(folder: string, { port, password, appendonly }: RedisSettings): Promise<void> {
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
  await replaceFile(join(folder, fileName), `${lines.join('\n')}\n`);
}

/** The password that the last server in this folder was started with; undefined when there was none. */
export async function keptPassword(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, fileName), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return /^requirepass (\S+)$/m.exec(text)?.[1];
}
