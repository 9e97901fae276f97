/** Files of pictures in a folder that all instances of the service share. */
import { randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { MediaStorage } from '../domain/media.ts';

/** Names are hexadecimal numbers: their first two digits spread the files over 256 folders. */
const spreadLength = 2;

export function createMediaFolder(folder: string): MediaStorage {
  const pathOf = (name: string): string => join(folder, name.slice(0, spreadLength), name);
  return {
    read: (name) => readFile(pathOf(name)).catch(absent),
    async save(name, bytes) {
      const path = pathOf(name);
      await mkdir(dirname(path), { recursive: true });
      // Written under another name first: a reader meanwhile, or after a crash, gets a whole file or none.
      const draft = `${path}.${randomUUID()}`;
      try {
        await writeFile(draft, bytes, { flush: true });
        await rename(draft, path);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    has: (name) =>
      access(pathOf(name)).then(
        () => true,
        (error) => absent(error) ?? false,
      ),
    remove: (name) => rm(pathOf(name), { force: true }),
  };
}

function absent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}
