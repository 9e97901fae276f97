import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemIds } from '@souk/kernel';

/** The password of a database role, made at first need and kept in `<home>/secrets` for nobody else to read. */
export async function rolePassword(home: string, role: string): Promise<{ password: string; created: boolean }> {
  const folder = join(home, 'secrets');
  const file = join(folder, `postgres-${role}`);
  const known = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (known !== '') return { password: known, created: false };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const password = systemIds.secret(24);
  await writeFile(`${file}.new`, `${password}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return { password, created: true };
}
