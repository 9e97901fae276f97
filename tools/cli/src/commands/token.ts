import { parseArgs } from 'node:util';
import type { AccountRole } from '@souk/constellation';
import { refusal } from '@souk/contracts';
import { readConfig } from '../config.ts';
import { accessToken, needRunning } from '../running.ts';

const roles: readonly string[] = ['customer', 'staff', 'admin'];

/** Prints nothing but an access token. */
export async function printToken(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { role: { type: 'string', default: 'customer' } } });
  if (!roles.includes(values.role))
    throw refusal('validation_failed', `--role is ${JSON.stringify(values.role)}; it must be one of ${roles.join(', ')}.`);
  const { home } = readConfig();
  const token = await accessToken(home, await needRunning(home), values.role as AccountRole);
  process.stdout.write(`${token}\n`);
  return 0;
}
