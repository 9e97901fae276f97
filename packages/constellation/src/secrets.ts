/** Secrets that a platform makes for itself on its first start and keeps in its home, readable by the owner only. */
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemIds } from '@souk/kernel';

const ownerOnly = 0o600;
const secretBytes = 32;

/** The text kept under this name; undefined when there is none, or an empty one. */
export async function readKept(home: string, name: string): Promise<string | undefined> {
  try {
    return (await readFile(join(home, 'secrets', name), 'utf8')).trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Keeps the text under this name. The write is atomic: a crash leaves all or nothing. */
export async function keepText(home: string, name: string, text: string): Promise<void> {
  const path = join(home, 'secrets', name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${text}\n`, { mode: ownerOnly });
  await chmod(draft, ownerOnly);
  await rename(draft, path);
}

/** A random secret of 32 bytes, the same at every start. */
export async function keptSecret(home: string, name: string): Promise<string> {
  const known = await readKept(home, name);
  if (known !== undefined) return known;
  const made = systemIds.secret(secretBytes);
  await keepText(home, name, made);
  return made;
}
