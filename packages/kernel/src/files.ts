/** Files that are replaced as a whole: readers see the old text or the new one, and a crash leaves one of the two. */
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { systemIds } from './ids.ts';

const ownerOnly = 0o600;
const suffixBytes = 6;

/**
 * Writes the text under a temporary name beside `path` and renames it. The temporary name is different for each call, so
 * that concurrent writers, of one process or of several, never take each other's away: the last rename wins. `mode` is that
 * of the new file (default 0600), whatever the umask. Rejects with the error of the file system; then `path` is unchanged.
 */
export async function replaceFile(path: string, text: string, { mode = ownerOnly }: { mode?: number } = {}): Promise<void> {
  const draft = `${path}.${process.pid}.${systemIds.secret(suffixBytes)}.new`;
  try {
    await writeFile(draft, text, { mode, flush: true });
    await chmod(draft, mode);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined); // The first error is the one to report.
    throw error;
  }
}
