import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { audit, createRecordReader, reportLines } from '@souk/auditor';
import { required, systemClock } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { readConfig } from '../config.ts';
import { needRunning } from '../running.ts';
import { sentenceOf } from '../sentence-of.ts';

const unaudited = 2;

export interface AuditOptions {
  json?: boolean;
  grace: number;
}

/** Proves the books of the running platform, or prints what is wrong with them. */
export async function auditBooks({ json, grace }: AuditOptions): Promise<number> {
  try {
    const { home } = readConfig();
    const platform = await needRunning(home);
    const internal_token = (await readFile(join(home, 'secrets', 'internal_token'), 'utf8')).trim();
    const records = createRecordReader({
      urlOf: (name) => required(platform.urls[name], `the address of ${name}`),
      tokenOf: platformKeys(internal_token).internalToken,
    });
    const report = await audit({ records, clock: systemClock, grace_ms: grace * 1_000, progress });
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : `${reportLines(report).join('\n')}\n`);
    return report.balanced ? 0 : 1;
  } catch (error) {
    // Whatever went wrong: exit code 1 is kept for books that do not balance.
    process.stderr.write(`souk: the books could not be audited: ${sentenceOf(error)}\n`);
    return unaudited;
  }
}

function progress(read: { orders: number; products: number }): void {
  if (process.stderr.isTTY) process.stderr.write(`\rreading: ${read.orders} orders, ${read.products} products`);
}
