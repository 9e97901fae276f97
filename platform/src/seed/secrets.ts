/** Secrets that a platform makes for itself on its first start and keeps in its home, readable by the owner only. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemIds } from '@souk/kernel';
import { replaceFile } from '@souk/kernel/files';
import { platformKeys } from '@souk/kernel/platform-keys';

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
  await replaceFile(path, `${text}\n`);
}

/** A random secret of 32 bytes, the same at every start. */
export async function keptSecret(home: string, name: string): Promise<string> {
  const known = await readKept(home, name);
  if (known !== undefined) return known;
  const made = systemIds.secret(secretBytes);
  await keepText(home, name, made);
  return made;
}

/**
 * The token from which this installation's credentials are derived, made at the first start. The token that Prometheus and an
 * operator's `curl` show for metrics and the registry is written beside it: it is good for nothing else.
 */
export async function keptInternalToken(home: string): Promise<string> {
  const internal_token = await keptSecret(home, 'internal_token');
  const scrape_token = platformKeys(internal_token).scrapeToken();
  if ((await readKept(home, 'scrape_token')) !== scrape_token) await keepText(home, 'scrape_token', scrape_token);
  return internal_token;
}
