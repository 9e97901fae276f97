/**
 * What tax, shipping, promotions and codes cost: in CPU of a checkout, in throughput, and what quotes cost. One shop in which rules are switched
 * on and off between rounds: two shops that differ in nothing differ by more than what is looked for.
 */
import { rm } from 'node:fs/promises';
import { pause } from '@souk/kernel';
import { type CheckoutMeasurements, runCheckouts } from './checkouts.ts';
import { type BenchPlatform, makeHome, startPlatform } from './platform.ts';
import { prepareShop, type Shop } from './prepare-shop.ts';
import { cpuSeconds } from './processes.ts';
import { runRequests } from './request-rounds.ts';
import { median } from './rounds.ts';

export interface CommerceMeasurements {
  /** CPU of a checkout in microseconds, round by round. */
  plain_us: number[];
  ruled_us: number[];
  /** Checkouts a second, round by round. */
  plain_per_second: number[];
  coded_per_second: number[];
  /** CPU of one quote in microseconds: of orders alone, and with the gateway. */
  quote_us: { service: number; gateway: number };
}

interface Load {
  seconds: number;
  open: number;
  users: number;
  products: number;
}

type Say = (sentence: string) => void;

const aims = { rules_us: 15, code_share: 0.8, quotes_per_second: 5_000 };
const rounds = 6;
const roundWarmUpS = 1;
const quoteConnections = 16;
const hotCode = 'HOT';
const usesOfCode = 1_000_000_000;

export async function measureCommerce(load: Load, say: Say): Promise<CommerceMeasurements> {
  const home = await makeHome();
  say('starting the shop in an empty home');
  const platform = await startPlatform(home, 'embedded', { env: { AUDIT_INTERVAL_MS: '0' } });
  try {
    const shop = await prepareShop(platform, load);
    const staff = await openStaff(platform);
    say('warming up');
    await runCheckouts(platform, shop, load);
    const rules = await measureRules(platform, shop, staff, load, say);
    const codes = await measureCode(platform, shop, staff, load, say);
    return { ...rules, ...codes, quote_us: await measureQuotes(platform, shop, staff, load, say) };
  } finally {
    await platform.stop();
    await rm(home, { recursive: true, force: true });
  }
}

/** Sends as staff; throws where the answer is not the one that is expected. */
type Staff = (method: string, path: string, expected: number, body?: object) => Promise<{ id: string }>;

async function openStaff({ gateway_url, login }: BenchPlatform): Promise<Staff> {
  const token = await login('staff');
  return async (method, path, expected, body) => {
    const response = await fetch(`${gateway_url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status !== expected) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
    return text === '' ? { id: '' } : (JSON.parse(text) as { id: string });
  };
}

/** Tax inside of prices, shipping by subtotal and a promotion that applies by itself; answers how to take them away. */
async function switchRulesOn(staff: Staff): Promise<() => Promise<void>> {
  await staff('PUT', '/api/tax-countries/PT', 200, { included: true });
  const rate = await staff('POST', '/api/tax-rates', 201, { country: 'PT', name: 'IVA', rate_percent: 23 });
  const zone = await staff('POST', '/api/shipping-zones', 201, { name: 'Portugal', countries: ['PT'] });
  const steps = [{ from: 0, amount: 4.9 }];
  const method = { zone_id: zone.id, code: 'standard', name: 'Standard', kind: 'by_subtotal', currency: 'EUR', steps, free_from: 100 };
  const shipping = await staff('POST', '/api/shipping-methods', 201, { ...method, days_min: 1, days_max: 3 });
  const autumn = { label: 'Autumn', kind: 'percent', target: 'order', value: 10, automatic: true, active: true };
  const promotion = await staff('POST', '/api/promotions', 201, autumn);
  return async () => {
    await staff('PATCH', `/api/promotions/${promotion.id}`, 200, { active: false });
    await staff('DELETE', `/api/shipping-methods/${shipping.id}`, 204);
    await staff('DELETE', `/api/shipping-zones/${zone.id}`, 204);
    await staff('DELETE', `/api/tax-rates/${rate.id}`, 204);
    await staff('DELETE', '/api/tax-countries/PT', 204);
  };
}

async function measureRules(platform: BenchPlatform, shop: Shop, staff: Staff, load: Load, say: Say) {
  const [plain_us, ruled_us]: [number[], number[]] = [[], []];
  for (let round = 1; round <= rounds; round += 1) {
    say(`checkouts without and with rules, round ${round} of ${rounds}`);
    plain_us.push(cpuOf(await drive(platform, shop, load)));
    const switchOff = await switchRulesOn(staff);
    ruled_us.push(cpuOf(await drive(platform, shop, load)));
    await switchOff();
  }
  return { plain_us, ruled_us };
}

/** All orders of one half use the same code, so that their groups follow each other. */
async function measureCode(platform: BenchPlatform, shop: Shop, staff: Staff, load: Load, say: Say) {
  const promotion = await staff('POST', '/api/promotions', 201, {
    label: 'Hot',
    kind: 'percent',
    target: 'order',
    value: 10,
    active: true,
  });
  await staff('POST', `/api/promotions/${promotion.id}/codes`, 201, { code: hotCode, uses_max: usesOfCode });
  const [plain_per_second, coded_per_second]: [number[], number[]] = [[], []];
  for (let round = 1; round <= rounds; round += 1) {
    say(`checkouts without and with the code, round ${round} of ${rounds}`);
    plain_per_second.push((await drive(platform, shop, load)).per_second);
    coded_per_second.push((await drive(platform, shop, load, [hotCode])).per_second);
  }
  return { plain_per_second, coded_per_second };
}

function drive(platform: BenchPlatform, shop: Shop, { open, seconds }: Load, codes?: readonly string[]): Promise<CheckoutMeasurements> {
  return runCheckouts(platform, shop, { open, seconds, warm_up_seconds: roundWarmUpS, ...(codes && { codes }) });
}

function cpuOf({ cpu_s_per_1000 }: CheckoutMeasurements): number {
  return Object.values(cpu_s_per_1000).reduce((sum, seconds) => sum + seconds, 0) * 1_000;
}

/** With all rules on: of orders alone, and through the gateway, which is the same process here. */
async function measureQuotes(platform: BenchPlatform, shop: Shop, staff: Staff, load: Load, say: Say) {
  const switchOff = await switchRulesOn(staff);
  const body = (product_id: string): string =>
    JSON.stringify({ items: [{ product_id, quantity: 2 }], shipping_address: { country: 'PT' } });
  const headers = { 'content-type': 'application/json' };
  const requests = shop.product_ids.map((id) => ({ method: 'POST', path: '/api/quotes', headers, body: body(id) }));
  const measure = async (name: string, url: string): Promise<number> => {
    say(`quotes, ${name}`);
    const order = { url, requests, connections: quoteConnections, seconds: load.seconds };
    await runRequests({ ...order, seconds: Math.ceil(load.seconds / 2) }, []);
    // What the shop does besides takes its time on a busy machine too, and is no part of a quote.
    const idle_s = await spentDuring(platform, () => pause(load.seconds * 1_000));
    let answered = { answers: 0, failed: 0 };
    const spent_s = await spentDuring(platform, async () => {
      answered = await runRequests(order, []);
    });
    if (answered.failed > 0) throw new Error(`${answered.failed} quotes were refused`);
    return ((spent_s - idle_s) * 1e6) / Math.max(1, answered.answers);
  };
  const service = await measure('at orders', platform.urls['orders'] as string);
  const gateway = await measure('at the gateway', platform.gateway_url);
  await switchOff();
  return { service, gateway };
}

/** CPU seconds of all processes of the shop meanwhile. */
async function spentDuring({ pid }: BenchPlatform, work: () => Promise<void>): Promise<number> {
  const before = await cpuSeconds(pid);
  await work();
  const after = await cpuSeconds(pid);
  return [...after].reduce((sum, [kind, seconds]) => sum + seconds - (before.get(kind) ?? 0), 0);
}

/** What is printed: each measurement with its aim and whether it is reached. */
export function commerceLines({ plain_us, ruled_us, plain_per_second, coded_per_second, quote_us }: CommerceMeasurements): string[] {
  const more = ruled_us.map((ruled, round) => ruled - (plain_us[round] as number));
  const shares = coded_per_second.map((coded, round) => coded / (plain_per_second[round] as number));
  const quotes = 1e6 / quote_us.service;
  const { rules_us, code_share, quotes_per_second } = aims;
  return [
    `tax, shipping and a promotion: ${signed(median(more))} µs CPU a checkout (mean ${signed(mean(more))} ± ${errorOf(more).toFixed(0)}), ${median(plain_us).toFixed(0)} without; aim at most ${rules_us}: ${verdict(median(more) <= rules_us)}`,
    `  round by round ${more.map(signed).join(', ')}`,
    `one hot limited code: ${median(shares).toFixed(2)} × the checkouts a second (${median(coded_per_second).toFixed(0)} against ${median(plain_per_second).toFixed(0)}); aim at least ${code_share}: ${verdict(median(shares) >= code_share)}`,
    `  round by round ${shares.map((share) => share.toFixed(2)).join(', ')}`,
    `quotes of one core: ${quotes.toFixed(0)} a second at orders, PostgreSQL included (${quote_us.service.toFixed(0)} µs CPU each), ${(1e6 / quote_us.gateway).toFixed(0)} through the gateway; aim at least ${quotes_per_second}: ${verdict(quotes >= quotes_per_second)}`,
  ];
}

function verdict(is_reached: boolean): string {
  return is_reached ? 'reached' : 'MISSED';
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(0)}`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** One standard error. */
function errorOf(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
