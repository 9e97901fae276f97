import { chmod, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemIds } from '@souk/kernel';
import { replaceFile } from '@souk/kernel/files';

const fileOf = (home: string, role: string): string => join(home, 'secrets', `postgres-${role}`);

/** The password of a database role; undefined when none is kept. */
export async function keptPassword(home: string, role: string): Promise<string | undefined> {
  return (await readFile(fileOf(home, role), 'utf8').catch(() => '')).trim() || undefined;
}

export function newPassword(): string {
  return systemIds.secret(24);
}

/** Keeps it in `<home>/secrets`, readable by the owner only. */
export async function keepPassword(home: string, role: string, password: string): Promise<void> {
  const file = fileOf(home, role);
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await replaceFile(file, `${password}\n`);
}

/** The password of a role that is given it at every start, made at first need. */
export async function rolePassword(home: string, role: string): Promise<string> {
  const known = await keptPassword(home, role);
  if (known !== undefined) return known;
  const password = newPassword();
  await keepPassword(home, role, password);
  return password;
}
