import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditOptions, audit, auditOrder, createRecordReader, reportLines } from '@souk/auditor';
import { createClient } from '@souk/client';
import { defineRoute, orderRecordsRoute, refusal } from '@souk/contracts';
import { isUuid, required, systemClock } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { readConfig } from '../config.ts';
import { needRunning } from '../running.ts';
import { sentenceOf } from '../sentence-of.ts';

const unaudited = 2;

export interface AuditChoice {
  json?: boolean;
  grace: number;
  /** Id or number of the one order to judge. */
  order?: string;
}

/** Proves the books of the running platform, or prints what is wrong with them. */
export async function auditBooks({ json, grace, order }: AuditChoice): Promise<number> {
  try {
    const { home } = readConfig();
    const platform = await needRunning(home);
    const internal_token = (await readFile(join(home, 'secrets', 'internal_token'), 'utf8')).trim();
    const urlOf = (name: string): string => required(platform.urls[name], `the address of ${name}`);
    const tokenOf = platformKeys(internal_token).internalToken;
    const options: AuditOptions = {
      records: createRecordReader({ urlOf, tokenOf }),
      clock: systemClock,
      grace_ms: grace * 1_000,
      progress: progressLine(),
    };
    const report = await (order === undefined
      ? audit(options)
      : auditOrder({ ...options, order_id: await idOf(order, { base_url: urlOf('orders'), token: tokenOf('orders') }) }));
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : `${reportLines(report).join('\n')}\n`);
    return report.balanced ? 0 : 1;
  } catch (error) {
    // Whatever went wrong: exit code 1 is kept for books that do not balance.
    process.stderr.write(`souk: the books could not be audited: ${sentenceOf(error)}\n`);
    return unaudited;
  }
}

const orderRecords = defineRoute({ ...orderRecordsRoute, service: 'orders' });

/** Only orders knows numbers; an id is taken as it is, so that traces of an order that is gone are judged too. */
async function idOf(order: string, orders: { base_url: string; token: string }): Promise<string> {
  if (isUuid(order.toLowerCase())) return order.toLowerCase();
  const answer = await createClient({ ...orders, retries: 0 }).call(orderRecords, { params: { order: order.toUpperCase() } });
  if (answer.ok) return answer.body.order_id;
  throw refusal(answer.error.status === 404 ? 'not_found' : 'service_unavailable', `${order} cannot be audited: ${answer.error.detail}`);
}

/** One line that is written over; nothing where no person reads it. */
function progressLine(): (read: { orders: number } | { products: number }) => void {
  let seen = { orders: 0, products: 0 };
  return (read) => {
    seen = { ...seen, ...read };
    if (process.stderr.isTTY) process.stderr.write(`\rreading: ${seen.orders} orders, ${seen.products} products`);
  };
}
