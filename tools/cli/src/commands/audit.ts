import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { audit, createFactReader, reportLines } from '@souk/auditor';
import { refusal } from '@souk/contracts';
import { required, systemClock } from '@souk/kernel';
import { readConfig } from '../config.ts';
import { needRunning } from '../running.ts';
import { sentenceOf } from '../sentence-of.ts';

const unaudited = 2;

/** Proves the books of the running platform, or prints what is wrong with them. */
export async function auditBooks(args: string[]): Promise<number> {
  try {
    const { json, grace_s } = readWords(args);
    const { home } = readConfig();
    const platform = await needRunning(home);
    const internal_token = (await readFile(join(home, 'secrets', 'internal_token'), 'utf8')).trim();
    const facts = createFactReader({ urlOf: (name) => required(platform.urls[name], `the address of ${name}`), internal_token });
    const report = await audit({ facts, clock: systemClock, grace_ms: grace_s * 1_000, progress });
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : `${reportLines(report).join('\n')}\n`);
    return report.balanced ? 0 : 1;
  } catch (error) {
    // Whatever went wrong: exit code 1 is kept for books that do not balance.
    process.stderr.write(`souk: the books could not be audited: ${sentenceOf(error)}\n`);
    return unaudited;
  }
}

function readWords(args: string[]): { json: boolean; grace_s: number } {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false }, grace: { type: 'string', default: '60' } } });
  const grace_s = Number(values.grace);
  if (!(grace_s >= 0 && grace_s <= 3_600))
    throw refusal('validation_failed', `--grace is ${JSON.stringify(values.grace)}; it must be 0 to 3600 seconds.`);
  return { json: values.json, grace_s };
}

function progress(read: { orders: number; products: number }): void {
  if (process.stderr.isTTY) process.stderr.write(`\rreading: ${read.orders} orders, ${read.products} products`);
}
