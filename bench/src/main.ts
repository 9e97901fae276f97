/**
 * The benchmarks: starts the shop as a user would, in a home of its own, and prints what it does as ratios to a
 * yardstick measured on the same PostgreSQL in the same run. Absolute values are printed too, but they are the
 * machine's; the ratios are Souk's.
 */
import { rm } from 'node:fs/promises';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { auditLines, measureAudit } from './audit.ts';
import { catalogueLines, measureCatalogue } from './catalogue.ts';
import { commerceLines, measureCommerce } from './commerce.ts';
import { measureGateway } from './gateway.ts';
import { gatewayLines } from './gateway-lines.ts';
import { measureLatency } from './latency.ts';
import { type Measurements, measurementLines } from './measurements.ts';
import { idleMemory } from './memory.ts';
import { makeHome, startPlatform, type WorldName } from './platform.ts';
import { prepareShop } from './prepare-shop.ts';
import { runRounds } from './rounds.ts';
import { measureTelemetry, telemetryLines } from './telemetry.ts';
import { openTraces } from './traces.ts';
import { measureWatchers, watcherLines } from './watchers.ts';
import { openYardstick } from './yardstick.ts';

const help = `npm run bench [-- --world embedded|distributed] [--seconds N] [--open N] [--users N] [--products N] [--traces SHARE] [--telemetry]
npm run bench -- gateway [--seconds N] [--rows LETTERS] [--prepared] [--requests N] [--users N] [--products N]
npm run bench -- watchers [--watchers N]
npm run bench -- audit [--orders N]
npm run bench -- commerce [--seconds N] [--open N] [--users N] [--products N]
npm run bench -- catalogue [--products N]

  --world W      embedded (default), or distributed: a process for each service, RabbitMQ, Redis
  --seconds N    length of each of the three rounds (default 20)
  --open N       checkouts under way at the same time (default 256)
  --users N      customers that order (default 2000)
  --products N   products they order from (default 500)
  --traces SHARE share of checkouts that are traced, from 0 to 1; without it tracing is off
  gateway        instead: CPU of the gateway for one request, against nginx (where it is installed) and the service alone
  --rows LETTERS which of its rows: a read with a token (a), a product (b), 1 MB (c), an order (d); default abcd
  --prepared     only before a service whose answers are prepared
  watchers       instead: memory of the gateway for each stream and each WebSocket that waits
  --watchers N   how many of each (default 10000)
  audit          instead: time and memory of an audit of many orders, and of a tenth of them
  --orders N     how many (default 1000000)
  commerce       instead: what tax, shipping, promotions and a hot code cost a checkout, and what a quote costs
  catalogue      instead: lists, facets and suggestions of a catalogue of --products (default 1000000), not remembered
  --requests N   requests between the two looks at the gateway's memory (default 1000000)
  --telemetry    instead: what metrics, logs and traces cost, as CPU for 1,000 checkouts, after a warm-up
`;

const subjects = ['gateway', 'watchers', 'audit', 'commerce', 'catalogue'] as const;

const { values, positionals } = readOptions({
  allowPositionals: true,
  options: {
    world: { type: 'string', default: 'embedded' },
    seconds: { type: 'string', default: '20' },
    open: { type: 'string', default: '256' },
    users: { type: 'string', default: '2000' },
    products: { type: 'string' },
    requests: { type: 'string', default: '1000000' },
    watchers: { type: 'string', default: '10000' },
    orders: { type: 'string', default: '1000000' },
    rows: { type: 'string', default: 'abcd' },
    prepared: { type: 'boolean', default: false },
    traces: { type: 'string' },
    telemetry: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}

const what = subject();
values.products ??= what === 'catalogue' ? '1000000' : '500';
const world = worldName();
const load = { world, seconds: count('seconds'), open: count('open'), users: count('users'), products: count('products') };
const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
if (what === 'gateway') {
  const wanted = { ...load, requests: count('requests'), rows: gatewayRows(), only_prepared: values.prepared };
  const measurements = await measureGateway(wanted, say);
  process.stdout.write(`${gatewayLines(measurements).join('\n')}\n`);
  process.exit(0);
}
if (what === 'watchers') {
  process.stdout.write(`${watcherLines(await measureWatchers(count('watchers'), say)).join('\n')}\n`);
  process.exit(0);
}
if (what === 'audit') {
  process.stdout.write(`${auditLines(await measureAudit(count('orders'), say)).join('\n')}\n`);
  process.exit(0);
}
if (what === 'commerce') {
  process.stdout.write(`${commerceLines(await measureCommerce(load, say)).join('\n')}\n`);
  process.exit(0);
}
if (what === 'catalogue') {
  process.stdout.write(`${catalogueLines(await measureCatalogue(load.products, say)).join('\n')}\n`);
  process.exit(0);
}
if (values.telemetry) {
  const measurements = await measureTelemetry(load, say);
  process.stdout.write(`world ${world}, ${load.seconds} s, every variant in every round\n\n${telemetryLines(measurements).join('\n')}\n`);
  process.exit(0);
}
const home = await makeHome();

const traces = await openTraces(shareOf(values.traces));
say('starting the shop in an empty home');
const platform = await startPlatform(home, world, { env: traces.variables });
try {
  const measurements: Partial<Measurements> = { first_order_s: platform.first_order_s };
  say('idle memory: waiting until unused connections are closed');
  measurements.idle_memory_mb = await idleMemory(platform.pid);
  say(`preparing ${load.users} customers and ${load.products} products`);
  const shop = await prepareShop(platform, load);
  say('yardstick: looking for the best concurrency of update transactions as pgbench -N makes them');
  const yardstick = await openYardstick(platform);
  try {
    say(`checkouts, ${load.open} open, ${load.seconds} s, and yardstick, by turns`);
    measurements.yardstick = yardstick;
    measurements.rounds = await runRounds(platform, shop, yardstick, load);
  } finally {
    await yardstick.close();
  }
  if (world === 'distributed') {
    say('latency: commit to handler, against a raw round trip');
    measurements.latency = await measureLatency(home);
  }
  process.stdout.write(`${measurementLines(measurements as Measurements, load).join('\n')}\n`);
} finally {
  await platform.stop();
  await traces.close();
  await rm(home, { recursive: true, force: true });
}

/** Wrong options are a sentence, as those of every command. */
function readOptions<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(64);
  }
}

function shareOf(share: string | undefined): number | undefined {
  if (share === undefined || (Number(share) >= 0 && Number(share) <= 1)) return share === undefined ? undefined : Number(share);
  process.stderr.write(`--traces is ${JSON.stringify(share)}; it must be a number from 0 to 1.\n`);
  process.exit(64);
}

function subject(): (typeof subjects)[number] | undefined {
  const [first, ...more] = positionals;
  const known = subjects.find((name) => name === first);
  if (first === undefined || (known !== undefined && more.length === 0)) return known;
  process.stderr.write(
    `There is no benchmark ${JSON.stringify(positionals.join(' '))}; there are ${subjects.join(', ')}, or none for checkouts.\n`,
  );
  process.exit(64);
}

function gatewayRows(): string {
  if (/^[abcd]+$/.test(values.rows)) return values.rows;
  process.stderr.write(`--rows is ${JSON.stringify(values.rows)}; it must be made of the letters a, b, c and d.\n`);
  process.exit(64);
}

function count(name: 'seconds' | 'open' | 'users' | 'products' | 'requests' | 'watchers' | 'orders'): number {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 1) {
    process.stderr.write(`--${name} is ${JSON.stringify(values[name])}; it must be a whole number above zero.\n`);
    process.exit(64);
  }
  return number;
}

function worldName(): WorldName {
  if (values.world === 'embedded' || values.world === 'distributed') return values.world;
  process.stderr.write(`--world is ${JSON.stringify(values.world)}; it must be embedded or distributed.\n`);
  process.exit(64);
}
