/** Secrets that a platform makes for itself on its first start and keeps in its home, readable by the owner only. */
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemIds } from '@souk/kernel';

const ownerOnly = 0o600;
const secretBytes = 32;

/** The text kept under this name, made by `make` when there is none yet. The write is atomic: a crash leaves all or nothing. */
export async function keptText(home: string, name: string, make: () => string): Promise<{ text: string; created: boolean }> {
  const path = join(home, 'secrets', name);
  try {
    return { text: (await readFile(path, 'utf8')).trim(), created: false };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const text = make();
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${text}\n`, { mode: ownerOnly });
  await chmod(draft, ownerOnly);
  await rename(draft, path);
  return { text, created: true };
}

/** A random secret of 32 bytes, the same at every start. */
export async function keptSecret(home: string, name: string): Promise<string> {
  return (await keptText(home, name, () => systemIds.secret(secretBytes))).text;
}
