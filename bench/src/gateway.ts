/**
 * What a request costs the gateway, against nginx before the same service and against the service alone: CPU of the proxy's process for
 * one request, and requests a second. The same client, the same requests, by turns in one run, everything on that a shop has on: rate
 * limits, log lines, metrics.
 */
import { rm } from 'node:fs/promises';
import { type GatewayMeasurements, type MeasuredRow, rowLines, type TargetMeasurements } from './gateway-lines.ts';
import { type Nginx, startNginx } from './nginx.ts';
import { type BenchPlatform, makeHome, startPlatform } from './platform.ts';
import { prepareShop, renewTokens, type Shop } from './prepare-shop.ts';
import { startPrepared } from './prepared.ts';
import { familyByKind, residentMb } from './processes.ts';
import { type PlainRequest, runRequests } from './request-rounds.ts';
import { median } from './rounds.ts';

interface Row {
  name: string;
  /** The service that answers. */
  service: string;
  requests: readonly PlainRequest[];
  connections: number;
  /** Most times the CPU of nginx. */
  limit: number;
}

interface Target {
  name: TargetMeasurements['target'];
  url: string;
  pids: readonly number[];
}

interface Turn {
  cpu_us: number;
  per_second: number;
  failed: number;
}

export interface GatewayLoad {
  seconds: number;
  /** Requests before the second look at the memory. */
  requests: number;
  users: number;
  products: number;
  /** Letters of the rows that are measured. */
  rows: string;
  /** Only before the service whose answers are prepared. */
  only_prepared: boolean;
}

const rounds = 3;
const warmUpSeconds = 8;
const connections = 32;
const bigProducts = 100;
const bigDescription = 9_900;
const unlimited = '100000000';

/** Starts a shop in the distributed world and nginx beside it. */
export async function measureGateway(load: GatewayLoad, say: (sentence: string) => void): Promise<GatewayMeasurements> {
  const home = await makeHome();
  say('starting the shop in an empty home');
  const platform = await startPlatform(home, 'distributed', {
    env: {
      RATE_LIMIT: 'on',
      RATE_LIMIT_READ_MAX: unlimited,
      RATE_LIMIT_ASSET_MAX: unlimited,
      RATE_LIMIT_WRITE_MAX: unlimited,
      RATE_LIMIT_AUTH_MAX: unlimited,
      LOG_LEVEL: 'info',
      LOG_FORMAT: 'json',
      METRICS: 'on',
    },
    output: `${home}/shop.log`,
  });
  let nginx: Nginx | undefined;
  try {
    say(`preparing ${load.users} customers and ${load.products} products`);
    let shop = await prepareShop(platform, load);
    await importBigProducts(platform, await platform.login('staff'));
    /** A run takes longer than an access token lives. */
    const freshRows = async (): Promise<Row[]> => {
      shop = await renewTokens(platform, shop);
      return rowsOf(shop, await platform.login('staff')).filter(({ name }) => load.rows.includes(name.charAt(1)));
    };
    const prepared = await measurePrepared(platform, freshRows, load.seconds, say);
    if (load.only_prepared) return { rows: [], prepared, memory: [] };
    const rows = await freshRows();
    nginx = await startNginx(home, platform.urls);
    if (nginx === undefined) say('nginx is not installed: the gateway is compared with nothing');
    const measured: MeasuredRow[] = [];
    for (const index of rows.keys()) {
      const row = (await freshRows())[index] as Row;
      say(`${row.name}: ${rounds} rounds of ${load.seconds} s each`);
      const targets = await measureRow(row, await targetsOf(platform, nginx, row), load.seconds);
      measured.push(said({ name: row.name, limit: row.limit, targets }, say));
    }
    say(`memory of the gateway after 10,000 and ${load.requests} requests more`);
    const [row] = await freshRows();
    return { rows: measured, prepared, memory: await memoryAfter(platform, row as Row, [10_000, load.requests]) };
  } finally {
    await nginx?.close();
    await platform.stop();
    await rm(home, { recursive: true, force: true });
  }
}

function rowsOf(shop: Shop, staff: string): Row[] {
  const [token = ''] = shop.tokens;
  const order = {
    items: [{ product_id: shop.product_ids[0], quantity: 1 }],
    shipping_address: { street: '1 Market Square', city: 'Lisbon', postal_code: '1100-148', country: 'PT' },
    payment_method: 'tok_visa',
  };
  const anonymous = { 'user-agent': 'souk-bench', accept: 'application/json' };
  const signedIn = { ...anonymous, authorization: `Bearer ${token}` };
  return [
    {
      name: '(a) a read with a token',
      service: 'users',
      requests: [{ method: 'GET', path: '/api/users/me', headers: signedIn }],
      connections,
      limit: 2,
    },
    {
      name: '(b) a product of the catalogue',
      service: 'products',
      requests: shop.product_ids.slice(0, 50).map((id) => ({ method: 'GET', path: `/api/products/${id}`, headers: anonymous })),
      connections,
      limit: 1.1,
    },
    {
      name: '(c) an answer of 1 MB',
      service: 'products',
      // Staff see the catalogue as it is and not as it was remembered.
      requests: [
        {
          method: 'GET',
          path: `/api/products?category=Big&limit=${bigProducts}`,
          headers: { ...anonymous, authorization: `Bearer ${staff}` },
        },
      ],
      connections: 8,
      limit: 2,
    },
    {
      name: '(d) an order placed',
      service: 'orders',
      requests: shop.tokens.map((one) => ({
        method: 'POST',
        path: '/api/orders',
        headers: { ...anonymous, authorization: `Bearer ${one}`, 'content-type': 'application/json', 'idempotency-key': 'bench-{number}' },
        body: JSON.stringify(order),
      })),
      connections,
      limit: 3,
    },
  ];
}

async function importBigProducts(platform: BenchPlatform, staff: string): Promise<void> {
  const rows = Array.from(
    { length: bigProducts },
    (_, index) => `big-${index},Big product ${index},9.99,EUR,Big,5,${'words '.repeat(bigDescription / 6)}`,
  );
  const response = await fetch(`${platform.gateway_url}/api/products/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${staff}`, 'content-type': 'text/csv' },
    body: ['sku,name,price,currency,category,stock_quantity,description', ...rows].join('\n'),
  });
  if (!response.ok) throw new Error(`The big products could not be imported: ${await response.text()}`);
}

async function targetsOf(platform: BenchPlatform, nginx: Nginx | undefined, row: Row): Promise<Target[]> {
  const pids = await familyByKind(platform.pid);
  return [
    ...(nginx === undefined ? [] : [{ name: 'nginx', url: nginx.urlOf(row.service), pids: nginx.pids } as const]),
    { name: 'gateway', url: platform.gateway_url, pids: pids.get('gateway') ?? [] },
    { name: 'service alone', url: platform.urls[row.service] as string, pids: pids.get(row.service) ?? [] },
  ];
}

/** nginx and a gateway of its own, each alone on its core. */
async function measurePrepared(
  platform: BenchPlatform,
  freshRows: () => Promise<readonly Row[]>,
  seconds: number,
  say: (sentence: string) => void,
): Promise<MeasuredRow[]> {
  const [gateway_pid] = (await familyByKind(platform.pid)).get('gateway') ?? [];
  if (gateway_pid === undefined) return [];
  const measured: MeasuredRow[] = [];
  for (const index of (await freshRows()).keys()) {
    const row = (await freshRows())[index] as Row;
    say(`${row.name}, prepared: ${rounds} rounds of ${seconds} s each`);
    const { home, urls } = platform;
    const prepared = await startPrepared({ home, gateway_pid, urls, service: row.service, requests: row.requests });
    const { nginx, gateway, aside } = prepared;
    const targets: Target[] = [
      ...(nginx === undefined ? [] : [{ name: 'nginx', url: nginx.urlOf(row.service), pids: nginx.pids } as const]),
      { name: 'gateway', url: gateway.url, pids: [gateway.pid] },
    ];
    try {
      measured.push(said({ name: row.name, limit: row.limit, targets: await measureRow(row, targets, seconds, aside) }, say));
    } finally {
      await prepared.close();
    }
  }
  return measured;
}

/** Says a row as soon as it is measured: a run that ends early has not measured for nothing. */
function said(row: MeasuredRow, say: (sentence: string) => void): MeasuredRow {
  say(rowLines([row]).slice(2).join('\n'));
  return row;
}

/** By turns, so that whatever else the machine does affects all of them; then the answer times at half of what each can do. */
async function measureRow(
  row: Row,
  targets: readonly Target[],
  seconds: number,
  aside: readonly string[] = [],
): Promise<TargetMeasurements[]> {
  const turns = new Map<Target, Turn[]>(targets.map((target) => [target, []]));
  const ask = (target: Target, for_seconds: number, rate?: number) =>
    runRequests(
      { url: target.url, requests: row.requests, connections: row.connections, seconds: for_seconds, ...(rate !== undefined && { rate }) },
      target.pids,
      aside,
    );
  for (const target of targets) await ask(target, warmUpSeconds);
  for (let round = 0; round < rounds; round += 1) for (const target of targets) turns.get(target)?.push(await ask(target, seconds));
  const measured: TargetMeasurements[] = [];
  for (const target of targets) {
    const of = turns.get(target) as Turn[];
    const per_second = median(of.map((turn) => turn.per_second));
    const { p99_ms } = await ask(target, seconds, Math.max(1, Math.floor(per_second / 2)));
    const cpu = of.map((turn) => turn.cpu_us);
    measured.push({
      target: target.name,
      cpu_us: median(cpu),
      per_second,
      p99_ms,
      failed: of.reduce((sum, turn) => sum + turn.failed, 0),
      turns: cpu,
    });
  }
  return measured;
}

async function memoryAfter(platform: BenchPlatform, row: Row, counts: readonly number[]): Promise<GatewayMeasurements['memory']> {
  const pids = (await familyByKind(platform.pid)).get('gateway') ?? [];
  const memory: { requests: number; mb: number }[] = [];
  for (const count of counts) {
    await runRequests({ url: platform.gateway_url, requests: row.requests, connections: row.connections, seconds: 3_600, count }, pids);
    memory.push({ requests: count, mb: await residentMb(pids) });
  }
  return memory;
}
