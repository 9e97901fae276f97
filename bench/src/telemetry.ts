/**
 * What telemetry costs: the same load against shops that differ in nothing else, each started anew in a home of its own.
 * Every variant runs twice, in the order A B C C B A, so that a machine that grows slower or busier favours none. CPU for
 * 1,000 checkouts is compared, not time: it says the same on a machine that others use.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { serviceNames } from '@souk/contracts';
import { pause } from '@souk/kernel';
import { runCheckouts } from './checkouts.ts';
import { type BenchPlatform, makeHome, startPlatform, type WorldName } from './platform.ts';
import { prepareShop } from './prepare-shop.ts';
import { openTraces } from './traces.ts';

export interface Variant {
  name: string;
  env: Readonly<Record<string, string>>;
  /** Scraped as by a Prometheus while it is measured. */
  scraped: boolean;
  /** The share of checkouts that are traced; without it tracing is off. */
  traces?: number;
}

export interface VariantFigures {
  name: string;
  per_second: number;
  /** CPU seconds for 1,000 checkouts. */
  cpu_s: { gateway: number | undefined; node: number; all: number };
}

/** The first is what the others are compared with. */
const variants: readonly Variant[] = [
  { name: 'metrics off, log off', env: { METRICS: 'off', LOG_LEVEL: 'silent' }, scraped: false },
  { name: 'metrics on, log at info', env: { METRICS: 'on', LOG_LEVEL: 'info' }, scraped: true },
  { name: 'the same, and 1 % traced', env: { METRICS: 'on', LOG_LEVEL: 'info' }, scraped: true, traces: 0.01 },
];

const scrapeMs = 5_000;
/** What is not ours to make cheaper by telemetry settings. */
const servers: ReadonlySet<string> = new Set(['PostgreSQL', 'RabbitMQ', 'Redis', 'other']);

interface Load {
  world: WorldName;
  seconds: number;
  open: number;
  users: number;
  products: number;
}

/** Measures every variant twice; answers their means, in the order of the variants. */
export async function measureTelemetry(load: Load, say: (sentence: string) => void): Promise<VariantFigures[]> {
  const runs = new Map<string, VariantFigures[]>(variants.map(({ name }) => [name, []]));
  for (const variant of [...variants, ...[...variants].reverse()]) {
    say(`${variant.name}: ${load.open} open, ${load.seconds} s`);
    runs.get(variant.name)?.push(await measureVariant(variant, load));
  }
  return [...runs.values()].map(meanOf);
}

async function measureVariant(variant: Variant, load: Load): Promise<VariantFigures> {
  const home = await makeHome();
  const traces = await openTraces(variant.traces);
  try {
    const env = { ...variant.env, ...traces.variables };
    const platform = await startPlatform(home, load.world, { env, output: join(home, 'shop.log') });
    return await measurePlatform(platform, variant, load).finally(() => platform.stop());
  } finally {
    await traces.close();
    await rm(home, { recursive: true, force: true });
  }
}

async function measurePlatform(platform: BenchPlatform, variant: Variant, load: Load): Promise<VariantFigures> {
  const shop = await prepareShop(platform, load);
  const measured = new AbortController();
  const scraping = variant.scraped ? scrape(platform, measured.signal) : undefined;
  try {
    // Code that was never run is compiled in the first seconds, which costs several times what is looked for here.
    await runCheckouts(platform, shop, load);
    const { per_second, cpu_s_per_1000 } = await runCheckouts(platform, shop, load);
    return { name: variant.name, per_second, cpu_s: splitOf(cpu_s_per_1000) };
  } finally {
    measured.abort();
    await scraping;
  }
}

/** Reads the figures of all processes every few seconds until the measurement has ended. */
async function scrape(platform: BenchPlatform, signal: AbortSignal): Promise<void> {
  const urls = serviceNames.map((name) => `${name === 'gateway' ? platform.gateway_url : platform.urls[name]}/metrics`);
  while (!signal.aborted) {
    await Promise.all(urls.map(async (url) => (await fetch(url)).text()));
    await pause(scrapeMs, signal);
  }
}

function splitOf(cpu: Readonly<Record<string, number>>): VariantFigures['cpu_s'] {
  const sum = (kinds: string[]): number => kinds.reduce((total, kind) => total + (cpu[kind] ?? 0), 0);
  const kinds = Object.keys(cpu);
  return { gateway: cpu['gateway'], node: sum(kinds.filter((kind) => !servers.has(kind))), all: sum(kinds) };
}

function meanOf(runs: readonly VariantFigures[]): VariantFigures {
  const mean = (figureOf: (run: VariantFigures) => number): number => runs.reduce((sum, run) => sum + figureOf(run), 0) / runs.length;
  const hasGateway = runs.every(({ cpu_s }) => cpu_s.gateway !== undefined);
  return {
    name: runs[0]?.name ?? '',
    per_second: mean((run) => run.per_second),
    cpu_s: {
      gateway: hasGateway ? mean((run) => run.cpu_s.gateway ?? 0) : undefined,
      node: mean((run) => run.cpu_s.node),
      all: mean((run) => run.cpu_s.all),
    },
  };
}

/** The table that is printed, with each variant's share above the first. */
export function telemetryLines(figures: readonly VariantFigures[]): string[] {
  const [none] = figures;
  if (none === undefined) return [];
  const more = (value: number | undefined, than: number | undefined): string =>
    value === undefined || than === undefined ? '' : ` (${value >= than ? '+' : ''}${((value / than - 1) * 100).toFixed(1)} %)`;
  const cell = (value: number | undefined, than: number | undefined): string =>
    value === undefined ? '–'.padStart(18) : `${value.toFixed(3)}${more(value, than)}`.padStart(18);
  const head = ['checkouts/s', 'gateway', 'Node, all of it', 'all processes'].map((title) => title.padStart(18)).join('');
  return [
    'CPU seconds for 1,000 checkouts, and how much more than without; metrics and logs may cost 10 %, 1 % traced another 5 %',
    `${''.padEnd(30)}${head}`,
    ...figures.map(
      ({ name, per_second, cpu_s }) =>
        `${name.padEnd(30)}${per_second.toFixed(0).padStart(18)}${cell(cpu_s.gateway, none.cpu_s.gateway)}${cell(cpu_s.node, none.cpu_s.node)}${cell(cpu_s.all, none.cpu_s.all)}`,
    ),
  ];
}
