import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { systemIds } from '@souk/kernel';
import { replaceFile } from '@souk/kernel/files';
import { composeVariables, missingLines } from '../compose-variables.ts';

const file = fileURLToPath(new URL('../../../../.env', import.meta.url));
const secretBytes = 32;

/** Fills `.env` for docker compose: every secret is random, and what the file holds already stays. */
export async function writeEnvironment(print: boolean): Promise<number> {
  const secret = (): string => systemIds.secret(secretBytes);
  if (print) {
    process.stdout.write(missingLines('', secret));
    return 0;
  }
  const before = await textOf(file);
  const added = missingLines(before, secret);
  if (added === '') {
    process.stdout.write(`${file} has all ${composeVariables.length} variables already; nothing was changed.\n`);
    return 0;
  }
  await replaceFile(file, `${before === '' || before.endsWith('\n') ? before : `${before}\n`}${added}`);
  process.stdout.write(`${file} is written. Next: docker compose up --build\n`);
  return 0;
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
