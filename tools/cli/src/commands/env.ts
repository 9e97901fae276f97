import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemIds } from '@souk/kernel';
import { composeVariables, missingLines } from '../up/compose-variables.ts';

const file = fileURLToPath(new URL('../../../../.env', import.meta.url));
const ownerOnly = 0o600;
const secretBytes = 32;

/** Fills `.env` for docker compose: every secret is random, and what the file holds already stays. */
export async function writeEnvironment(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { print: { type: 'boolean', default: false } } });
  const secret = (): string => systemIds.secret(secretBytes);
  if (values.print) {
    process.stdout.write(missingLines('', secret));
    return 0;
  }
  const before = await textOf(file);
  const added = missingLines(before, secret);
  if (added === '') {
    process.stdout.write(`${file} has all ${composeVariables.length} variables already; nothing was changed.\n`);
    return 0;
  }
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${before === '' || before.endsWith('\n') ? before : `${before}\n`}${added}`, { mode: ownerOnly });
  await chmod(draft, ownerOnly);
  await rename(draft, file);
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
