/**
 * What telemetry costs: the same load against shops that differ in nothing else. All of them run at once, each in a home of
 * its own, and are driven by turns in short rounds, so that a machine that grows slower or busier favours none: one after
 * the other they differed more by the hour than by what is looked for. None has two turns in a row: a shop still works
 * on what its last turn left behind, which would be counted for the one and not for the others. CPU for 1,000 checkouts
 * is compared, not time.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { serviceNames } from '@souk/contracts';
import { pause } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { runCheckouts } from './checkouts.ts';
import { type BenchPlatform, makeHome, startPlatform, type WorldName } from './platform.ts';
import { prepareShop, type Shop } from './prepare-shop.ts';
import { openTraces } from './traces.ts';

export interface Variant {
  name: string;
  env: Readonly<Record<string, string>>;
  /** Scraped as by a Prometheus while it is measured. */
  scraped: boolean;
  /** The share of checkouts that are traced; without it tracing is off. */
  traces?: number;
}

export interface VariantMeasurements {
  name: string;
  per_second: number;
  /** CPU seconds for 1,000 checkouts. */
  cpu_s: { gateway: number | undefined; node: number; all: number };
  /** The same by kind of process. */
  kinds: Readonly<Record<string, number>>;
}

export interface TelemetryMeasurements extends VariantMeasurements {
  rounds: readonly VariantMeasurements[];
}

/** The first is what the others are compared with. */
const variants: readonly Variant[] = [
  { name: 'metrics off, log off', env: { METRICS: 'off', LOG_LEVEL: 'silent' }, scraped: false },
  { name: 'metrics on, log at info', env: { METRICS: 'on', LOG_LEVEL: 'info' }, scraped: true },
  { name: 'the same, and 1 % traced', env: { METRICS: 'on', LOG_LEVEL: 'info' }, scraped: true, traces: 0.01 },
];

/** As often as the Prometheus of `infrastructure/monitoring` does. */
const scrapeMs = 10_000;
const rounds = 12;
/** Two equal shops differ by some percent for as long as they live, so there are several of each; of distributed ones no machine holds more. */
const shopsOfEach: Readonly<Record<WorldName, number>> = { embedded: 2, distributed: 1 };
/** Code that was never run is compiled in the first seconds, which costs several times what is looked for here. */
const warmUps = 3;
/** The generator's own: the shops are warm. */
const warmUpSeconds = 1;
/** What is not ours to make cheaper by telemetry settings. */
const servers: ReadonlySet<string> = new Set(['PostgreSQL', 'RabbitMQ', 'Redis', 'other']);

interface Load {
  world: WorldName;
  seconds: number;
  open: number;
  users: number;
  products: number;
}

interface Contender {
  variant: Variant;
  platform: BenchPlatform;
  shop: Shop;
  runs: VariantMeasurements[];
  stop(): Promise<void>;
}

/** Measures every variant in every round; answers their means, in the order of the variants. */
export async function measureTelemetry(load: Load, say: (sentence: string) => void): Promise<TelemetryMeasurements[]> {
  const contenders: Contender[] = [];
  try {
    for (const variant of Array.from({ length: shopsOfEach[load.world] }, () => variants).flat()) {
      say(`starting a shop: ${variant.name}`);
      contenders.push(await startContender(variant, load));
    }
    for (let round = -warmUps; round < rounds; round += 1) {
      say(round < 0 ? 'warming up' : `round ${round + 1} of ${rounds}: ${load.open} open, ${load.seconds} s each`);
      for (const contender of turnsOf(contenders, round < rounds / 2)) {
        const measurements = await drive(contender, load);
        if (round >= 0) contender.runs.push(measurements);
      }
    }
    return variants.map(({ name }) => {
      const runs = contenders.flatMap(({ variant, runs: each }) => (variant.name === name ? each : []));
      return { ...meanOf(name, runs), rounds: runs };
    });
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
  }
}

/** A B C again and again, then A C B: each comes after each, and always with another in between. */
function turnsOf([first, ...others]: readonly Contender[], forwards: boolean): Contender[] {
  return first === undefined ? [] : [first, ...(forwards ? others : others.reverse())];
}

async function startContender(variant: Variant, load: Load): Promise<Contender> {
  const home = await makeHome();
  const traces = await openTraces(variant.traces);
  const clear = async (): Promise<void> => {
    await traces.close();
    await rm(home, { recursive: true, force: true });
  };
  let platform: BenchPlatform | undefined;
  const stop = async (): Promise<void> => {
    await platform?.stop();
    await clear();
  };
  try {
    const env = { ...variant.env, ...traces.variables };
    platform = await startPlatform(home, load.world, { env, output: join(home, 'shop.log') });
    return { variant, platform, shop: await prepareShop(platform, load), runs: [], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function drive({ variant, platform, shop }: Contender, load: Load): Promise<VariantMeasurements> {
  const measured = new AbortController();
  const scraping = variant.scraped ? scrape(platform, measured.signal) : undefined;
  try {
    const { per_second, cpu_s_per_1000 } = await runCheckouts(platform, shop, { ...load, warm_up_seconds: warmUpSeconds });
    return { name: variant.name, per_second, cpu_s: splitOf(cpu_s_per_1000), kinds: cpu_s_per_1000 };
  } finally {
    measured.abort();
    await scraping;
  }
}

/** Reads the metrics of all processes every few seconds until the measurement has ended. */
async function scrape(platform: BenchPlatform, signal: AbortSignal): Promise<void> {
  const urls = serviceNames.map((name) => `${name === 'gateway' ? platform.gateway_url : platform.urls[name]}/metrics`);
  const token = platformKeys((await readFile(join(platform.home, 'secrets', 'internal_token'), 'utf8')).trim()).scrapeToken();
  while (!signal.aborted) {
    await Promise.all(urls.map(async (url) => (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).text()));
    await pause(scrapeMs, signal);
  }
}

function splitOf(cpu: Readonly<Record<string, number>>): VariantMeasurements['cpu_s'] {
  const sum = (kinds: string[]): number => kinds.reduce((total, kind) => total + (cpu[kind] ?? 0), 0);
  const kinds = Object.keys(cpu);
  return { gateway: cpu['gateway'], node: sum(kinds.filter((kind) => !servers.has(kind))), all: sum(kinds) };
}

function meanOf(name: string, runs: readonly VariantMeasurements[]): VariantMeasurements {
  const mean = (numberOf: (run: VariantMeasurements) => number): number => runs.reduce((sum, run) => sum + numberOf(run), 0) / runs.length;
  const kinds = Object.fromEntries(Object.keys(runs[0]?.kinds ?? {}).map((kind) => [kind, mean((run) => run.kinds[kind] ?? 0)]));
  return { name, per_second: mean((run) => run.per_second), cpu_s: splitOf(kinds), kinds };
}

/** The tables that are printed: each variant's share above the first, its spread over the rounds, and where it is spent. */
export function telemetryLines(measurements: readonly TelemetryMeasurements[]): string[] {
  const [none] = measurements;
  if (none === undefined) return [];
  const cell = (value: number | undefined, than: number | undefined): string =>
    value === undefined || than === undefined ? '–' : `${value.toFixed(3)} (${shareAbove(value, than)})`;
  const row = (name: string, cells: readonly string[]): string =>
    `${name.padEnd(30)}${cells.map((text) => text.padStart(columnWidth)).join('')}`;
  const kinds = Object.keys(none.kinds).filter((kind) => measurements.some((one) => (one.kinds[kind] ?? 0) >= kindShown));
  return [
    'CPU seconds for 1,000 checkouts, and how much more than without; metrics and logs may cost 10 %, 1 % traced another 5 %',
    row('', ['checkouts/s', 'gateway', 'Node, all of it', 'all processes']),
    ...measurements.map(({ name, per_second, cpu_s }) =>
      row(name, [
        per_second.toFixed(0),
        cell(cpu_s.gateway, none.cpu_s.gateway),
        cell(cpu_s.node, none.cpu_s.node),
        cell(cpu_s.all, none.cpu_s.all),
      ]),
    ),
    '',
    'How much more in each round, all processes: the least, the median, the most',
    ...measurements.slice(1).map(({ name, rounds }) => {
      const more = rounds
        .map(({ cpu_s }, index) => cpu_s.all / (none.rounds[index]?.cpu_s.all ?? Number.NaN))
        .sort((left, right) => left - right);
      return row(
        name,
        [more[0], more[more.length >> 1], more.at(-1)].map((ratio = Number.NaN) => shareAbove(ratio, 1)),
      );
    }),
    '',
    'By process',
    row(
      '',
      measurements.map(({ name }) => name),
    ),
    ...kinds.map((kind) =>
      row(
        kind,
        measurements.map((one) => (one.kinds[kind] ?? 0).toFixed(3)),
      ),
    ),
  ];
}

/** CPU seconds below which a kind of process is not worth a line. */
const kindShown = 0.0005;
const columnWidth = 28;

function shareAbove(value: number, than: number): string {
  return `${value >= than ? '+' : ''}${((value / than - 1) * 100).toFixed(1)} %`;
}
