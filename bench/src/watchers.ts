/** What idle watchers cost the gateway: memory for each stream and for each WebSocket that waits for an order to change. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pause, required } from '@souk/kernel';
import { type BenchPlatform, makeHome, startPlatform } from './platform.ts';
import { prepareShop } from './prepare-shop.ts';
import { familyByKind, processSeconds, residentMb } from './processes.ts';

export interface WatcherMeasurements {
  rows: readonly { kind: WatcherKind; watchers: number; kb_each: number; idle_cpu_percent: number }[];
}

export type WatcherKind = 'streams' | 'WebSockets';

export interface WatcherOrder {
  kind: WatcherKind;
  url: string;
  token: string;
  order_id: string;
  count: number;
}

const program = fileURLToPath(new URL('watch-generator.ts', import.meta.url));
/** So many are opened first: what the first ones cost is code and buffers that all share. */
const first = 500;
const settleMs = 6_000;
const idleMs = 10_000;
const unlimited = '1000000';

/** Each kind in a shop of its own: memory that others have given back would be used again. */
export async function measureWatchers(count: number, say: (sentence: string) => void): Promise<WatcherMeasurements> {
  const rows = [];
  for (const kind of ['streams', 'WebSockets'] as const) rows.push(await measureInFreshShop(kind, count, say));
  return { rows };
}

async function measureInFreshShop(
  kind: WatcherKind,
  count: number,
  say: (sentence: string) => void,
): Promise<WatcherMeasurements['rows'][number]> {
  const home = await makeHome();
  say('starting the shop in an empty home');
  const limits = { CALLER_STREAMS_MAX: '100000', CALLER_REQUESTS_MAX: '100000', STREAMS_MAX: unlimited };
  const connections = { CLIENT_CONNECTIONS_MAX: unlimited, ADDRESS_CONNECTIONS_MAX: unlimited };
  const platform = await startPlatform(home, 'distributed', { env: { ...limits, ...connections } });
  try {
    const shop = await prepareShop(platform, { users: 1, products: 1 });
    const token = required(shop.tokens[0], 'a token');
    const order_id = await placeOrder(platform, token, required(shop.product_ids[0], 'a product'));
    const pids = (await familyByKind(platform.pid)).get('gateway') ?? [];
    say(`${count} ${kind}`);
    return await measureKind({ kind, url: platform.gateway_url, token, order_id, count }, pids);
  } finally {
    await platform.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function measureKind(order: WatcherOrder, pids: readonly number[]): Promise<WatcherMeasurements['rows'][number]> {
  const some = await watch({ ...order, count: first });
  await pause(settleMs);
  const before = await residentMb(pids);
  const all = await watch(order);
  await pause(settleMs);
  const after = await residentMb(pids);
  const cpu = await processSeconds(pids);
  await pause(idleMs);
  const idle_cpu_percent = (((await processSeconds(pids)) - cpu) / (idleMs / 1_000)) * 100;
  await Promise.all([end(some), end(all)]);
  return { kind: order.kind, watchers: order.count, kb_each: ((after - before) * 1_024) / order.count, idle_cpu_percent };
}

/** Resolves when all of them are open. */
async function watch(order: WatcherOrder): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write(`${JSON.stringify(order)}\n`);
  const exited = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${program} ended with ${code}.`)));
  exited.catch(() => undefined);
  await Promise.race([once(createInterface(child.stdout), 'line'), exited]);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.stdin?.end();
  await ended;
}

async function placeOrder({ gateway_url }: BenchPlatform, token: string, product_id: string): Promise<string> {
  const answer = await fetch(`${gateway_url}/api/orders`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      items: [{ product_id, quantity: 1 }],
      shipping_address: { street: '1 Market Square', city: 'Lisbon', postal_code: '1100-148', country: 'PT' },
      payment_method: 'tok_visa',
    }),
  });
  if (answer.status !== 201) throw new Error(`the order was answered with ${answer.status}`);
  return ((await answer.json()) as { id: string }).id;
}

/** The table that is printed. */
export function watcherLines({ rows }: WatcherMeasurements): string[] {
  return rows.map(
    ({ kind, watchers, kb_each, idle_cpu_percent }) =>
      `${String(watchers).padStart(7)} ${kind.padEnd(12)}${kb_each.toFixed(1).padStart(6)} kB each${idle_cpu_percent.toFixed(1).padStart(7)} % CPU while idle`,
  );
}
