/** What an audit of many orders takes: time, and memory of the process that audits. */
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { required } from '@souk/kernel';
import { copyOrder } from './copied-orders.ts';
import { type BenchPlatform, makeHome, startPlatform } from './platform.ts';
import { prepareShop } from './prepare-shop.ts';
import { cpuSeconds, processSeconds } from './processes.ts';

export interface AuditMeasurement {
  orders: number;
  seconds: number;
  /** Most resident memory of the auditing process, in MB; undefined where the system does not say. */
  resident_mb: number | undefined;
  /** CPU seconds of the auditing process, of the services and of PostgreSQL. */
  cpu: { auditor: number; services: number; postgresql: number };
  said: string;
}

const main = fileURLToPath(new URL('../../tools/cli/src/main.ts', import.meta.url));
const products = 500;
const share = 10;
const probeMs = 200;

/** A tenth of the orders, then all of them: memory that grew with the shop would show. */
export async function measureAudit(orders: number, say: (sentence: string) => void): Promise<AuditMeasurement[]> {
  const home = await makeHome();
  say('starting the shop in an empty home');
  const platform = await startPlatform(home, 'embedded', { env: { AUDIT_INTERVAL_MS: '0' } });
  try {
    const { tokens, product_ids } = await prepareShop(platform, { users: 1, products });
    // The one that is really bought is not among those of the copies.
    const [bought, ...others] = product_ids;
    const order_id = await placeOrder(platform, required(tokens[0], 'a token'), required(bought, 'a product'));
    const measured: AuditMeasurement[] = [];
    let from = 1;
    for (const to of [Math.ceil(orders / share), orders]) {
      say(`copying an order up to ${to} times`);
      await copyOrder(platform, { order_id, product_ids: others, from, to });
      from = to + 1;
      say(`auditing ${to} orders`);
      measured.push({ orders: to, ...(await audit(platform)) });
    }
    return measured;
  } finally {
    await platform.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function placeOrder({ gateway_url }: BenchPlatform, token: string, product_id: string): Promise<string> {
  const answer = await fetch(`${gateway_url}/api/orders`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'bench', prefer: 'wait=20' },
    body: JSON.stringify({
      items: [{ product_id, quantity: 1 }],
      shipping_address: { full_name: 'Bench', street: '1 Market Square', city: 'Lisbon', postal_code: '1100-148', country: 'PT' },
      payment_method: 'tok_visa',
    }),
  });
  const order = (await answer.json()) as { id: string; status: string };
  if (answer.status !== 201 || order.status !== 'confirmed') throw new Error(`the order was answered with ${JSON.stringify(order)}`);
  return order.id;
}

/** `souk audit` as an operator runs it. */
async function audit({ home, pid: shop_pid }: BenchPlatform): Promise<Omit<AuditMeasurement, 'orders'>> {
  const before = await cpuSeconds(shop_pid);
  const began = performance.now();
  const child = spawn(process.execPath, [main, 'audit', '--grace', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SOUK_HOME: home },
  });
  let resident_mb: number | undefined;
  let auditor = 0;
  const probe = setInterval(async () => {
    const pid = required(child.pid, 'the auditing process');
    resident_mb = (await peakMb(pid)) ?? resident_mb;
    auditor = Math.max(auditor, await processSeconds([pid]));
  }, probeMs);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  clearInterval(probe);
  const lines = said.trim().split('\n');
  const seconds = (performance.now() - began) / 1_000;
  const used = await cpuSeconds(shop_pid);
  const cpuOf = (kind: string): number => (used.get(kind) ?? 0) - (before.get(kind) ?? 0);
  return { seconds, resident_mb, cpu: { auditor, services: cpuOf('shop'), postgresql: cpuOf('PostgreSQL') }, said: lines.at(-1) ?? '' };
}

async function peakMb(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
  return kib === undefined ? undefined : Number(kib) / 1_024;
}

/** The table that is printed. */
export function auditLines(measured: readonly AuditMeasurement[]): string[] {
  return measured.map(({ orders, seconds, resident_mb, cpu, said }) => {
    const memory = resident_mb === undefined ? 'memory not known' : `at most ${resident_mb.toFixed(0)} MB`;
    return `audit of ${orders} orders: ${seconds.toFixed(1)} s, ${memory}; CPU ${cpu.auditor.toFixed(1)} s auditor, ${cpu.services.toFixed(1)} s services, ${cpu.postgresql.toFixed(1)} s PostgreSQL: ${said}`;
  });
}
