/** One run: a shop, a plan, the load and the faults, the healing, the closing sale, the verdict. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause } from '@souk/kernel';
import type { SourceEdit } from '@souk/mutation/source-edits';
import { attachToShop } from './attached-shop.ts';
import { runBuyer } from './buyers.ts';
import type { Person } from './client.ts';
import { sellOut, useUp } from './closing-sale.ts';
import { countBy } from './count-by.ts';
import { createDistributedShop } from './distributed-shop.ts';
import { createEmbeddedShop } from './embedded-shop.ts';
import { readEndState } from './end-state.ts';
import type { Violation } from './evidence.ts';
import { type Injected, strike, untilHealthy } from './faults.ts';
import { createHistory, type History } from './history.ts';
import { crowdSettings, insideEnvironment, writePlan } from './inside-environment.ts';
import { judge } from './judge.ts';
import type { ProveOptions } from './options.ts';
import { makePlan, type Plan, plainMethod, scarce } from './plan.ts';
import { leaveShop, type Opened, openShop } from './prepare.ts';
import { createRandom } from './random.ts';
import { returnLast } from './returns.ts';
import type { Shop } from './shop.ts';
import { runStaff } from './staff.ts';
import { type Stripe, startStripe } from './stripe.ts';
import { endsLimitMs, untilEnded, untilRefunded } from './until-ended.ts';

export interface Outcome {
  seed: string;
  world: ProveOptions['world'];
  /** Faults from outside, in the order in which they came. */
  injected: readonly Injected[];
  /** What processes did to themselves, by kind. */
  disturbances: Readonly<Record<string, number>>;
  requests: number;
  unanswered: number;
  acknowledged: number;
  orders: Readonly<Record<string, number>>;
  parcels: number;
  /** By state. */
  returns: Readonly<Record<string, number>>;
  /** Uses of the code that are held at the end. */
  code_uses: number;
  /** What is broken; empty when everything held. */
  violations: readonly Violation[];
  /** The last line of the auditor. */
  books: string;
  /** From the end of the faults until every order had ended. */
  healed_ms: number;
  seconds: number;
}

export type Say = (line: string) => void;

export interface RunContext {
  /** Sabotage: what is changed in the sources of a shop of the proof's own as they are loaded. */
  edits: readonly SourceEdit[];
  say: Say;
  interrupted: AbortSignal;
  /** By which a running shop is found. */
  env: NodeJS.ProcessEnv;
}

const progressMs = 5_000;
const graceSeconds = '5';
/** Of the shop, where a run fails. */
const linesSaid = 40;

/** An abort of `interrupted` ends the shop and rejects. */
export async function runProof(options: ProveOptions, { edits, say, interrupted, env: own }: RunContext): Promise<Outcome> {
  const plan = makePlan(createRandom(options.seed), options);
  const folder = await mkdtemp(join(tmpdir(), 'souk-prove-plan-'));
  const started = performance.now();
  let shop: Shop | undefined;
  const stripe = options.provider === 'stripe' ? await startStripe(createRandom(options.seed).named('stripe')) : undefined;
  try {
    const env = { ...(await insideEnvironment(folder, edits)), ...(options.codes > 0 && crowdSettings), ...stripe?.env };
    shop = options.attach ? await attached(options, own, say) : await startOwn(options, env, say);
    const outcome = await Promise.race([drive({ options, plan, shop, stripe, folder, say }), whenInterrupted(interrupted)]);
    if (options.keep) say(`the home of the shop is ${shop.home}`);
    return { ...outcome, seconds: Math.round((performance.now() - started) / 1_000) };
  } catch (error) {
    const said = shop?.said().trim().split('\n').slice(-linesSaid).join('\n');
    throw said ? new Error(`${(error as Error).message}\nThe shop wrote last:\n${said}`) : error;
  } finally {
    await shop?.end();
    await stripe?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function attached({ seed, chaos }: ProveOptions, env: NodeJS.ProcessEnv, say: Say): Promise<Shop> {
  const token = chaos.includes('switches') ? env['CHAOS_TOKEN'] : undefined;
  const shop = await attachToShop(env, token);
  say(`seed ${seed}: the shop of ${shop.home}, ${token === undefined ? 'without faults' : 'with faults by its chaos switches'}`);
  return shop;
}

async function startOwn({ seed, world, keep, replicas }: ProveOptions, env: Record<string, string>, say: Say): Promise<Shop> {
  say(`seed ${seed}: starting the shop (${world})`);
  return (world === 'embedded' ? createEmbeddedShop : createDistributedShop)({ env, keep, replicas });
}

function whenInterrupted(interrupted: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(new Error('interrupted; the shop is ended and removed'));
    if (interrupted.aborted) end();
    else interrupted.addEventListener('abort', end, { once: true });
  });
}

interface Run {
  options: ProveOptions;
  plan: Plan;
  shop: Shop;
  stripe: Stripe | undefined;
  folder: string;
  say: Say;
}

async function drive(run: Run): Promise<Omit<Outcome, 'seconds'>> {
  const { options, shop, stripe, folder, say } = run;
  await shop.start();
  const opened = await openShop(shop, options, say);
  const history = createHistory();
  const { injected, healed_ms, sold_out, used_up } = await underLoad({ ...run, opened, history });
  const books = await auditBooks(shop);
  say(options.attach ? 'reading the databases' : 'stopping the shop and reading its databases');
  await shop.stop();
  const parts = {
    user_ids: opened.buyers.map(({ user_id }) => user_id),
    product_ids: opened.products,
    order_ids: history.acknowledged.map(({ id }) => id),
  };
  const end = await shop.withDatabases((urls) => readEndState(urls, options.attach ? parts : undefined, stripe?.charges));
  if (options.attach) {
    const left = await leaveShop(opened);
    say(left.length === 0 ? 'products are taken out and customers erased' : `left in the shop: ${left.join(', ')}`);
  }
  const evidence = {
    exchanges: history.exchanges,
    end,
    stock: opened.stock,
    sold_out: sold_out ? (opened.products[scarce] as string) : undefined,
    // A shop of others may have prices of its own.
    prices: options.attach ? undefined : opened.prices,
    code: opened.code,
    used_up,
  };
  return {
    seed: options.seed,
    world: options.world,
    injected,
    disturbances: { ...(await countsIn(folder)), ...stripe?.faults },
    requests: history.exchanges.length,
    unanswered: history.exchanges.filter(({ status }) => status === undefined).length,
    acknowledged: history.acknowledged.length,
    orders: countBy(end.orders.map(({ status }) => status)),
    parcels: end.parcels.length,
    returns: countBy(end.returns.map(({ state }) => state)),
    code_uses: end.redemptions.filter(({ state }) => state === 'held').length,
    violations: [...judge(evidence), ...books.violations],
    books: books.line,
    healed_ms,
  };
}

interface Load extends Run {
  opened: Opened;
  history: History;
}

/** Buyers, staff and faults, until every order has ended. Where one of them fails, the others end as well. */
async function underLoad({ options, plan, shop, stripe, folder, say, opened, history }: Load) {
  const stopping = new AbortController();
  const began = performance.now();
  await writePlan(folder, { plan, epoch_ms: Date.now() });
  stripe?.begin(plan.disturbances.provider);
  say(`${options.buyers} buyers, ${plan.orders.flat().length} orders planned, ${plan.faults.length} faults planned, ${options.seconds} s`);
  const progress = setInterval(() => say(progressOf(history, began)), progressMs);
  let limit: NodeJS.Timeout | undefined;
  try {
    const common = { products: opened.products, history, code: opened.code?.code, began, stopped: stopping.signal };
    const staffing = { ...common, staff: opened.staff, customers: opened.buyers };
    const load = Promise.all([
      mapBuyers(opened.buyers, (buyer, index) => runBuyer(common, buyer, plan.orders[index] ?? [])),
      runStaff(staffing, plan.work),
    ]);
    // Awaited when the faults are over; one that fails before is not to end the process.
    load.catch(() => undefined);
    const strikes = strike(
      { shop, began, stopped: stopping.signal, said: ({ what, recovered_ms }) => say(`${what}; well again after ${recovered_ms} ms`) },
      plan.faults,
    );
    await Promise.all([strikes, pause(Math.max(0, began + options.seconds * 1_000 - performance.now()), stopping.signal)]);
    const injected = await strikes;
    await shop.start();
    await untilHealthy(shop);
    const calm = performance.now();
    say('no more faults: waiting for what is under way');
    limit = setTimeout(() => stopping.abort(), endsLimitMs);
    await load;
    clearTimeout(limit);
    await untilEnded(opened.staff, history, say);
    if (options.returns) {
      await returnLast(staffing);
      await untilRefunded(opened.staff, say);
    }
    const healed_ms = Math.round(performance.now() - calm);
    const sale = { ...opened, history, payment_method: plainMethod[options.provider], say };
    return { injected, healed_ms, sold_out: await sellOut(sale), used_up: await useUp(sale) };
  } finally {
    stopping.abort();
    clearTimeout(limit);
    clearInterval(progress);
  }
}

async function mapBuyers(buyers: readonly Person[], run: (buyer: Person, index: number) => Promise<void>): Promise<void> {
  await Promise.all(buyers.map(run));
}

function progressOf(history: History, began: number): string {
  const unanswered = history.exchanges.filter(({ status }) => status === undefined).length;
  const at = ((performance.now() - began) / 1_000).toFixed(0);
  return `at ${at} s: ${history.exchanges.length} requests, ${unanswered} without an answer, ${history.acknowledged.length} orders acknowledged`;
}

async function auditBooks(shop: Shop): Promise<{ line: string; violations: Violation[] }> {
  const { code, stdout, stderr } = await shop.souk('audit', '--grace', graceSeconds);
  const text = (stdout + stderr).trim();
  const line = text.split('\n').at(-1) ?? '';
  if (code === 0) return { line, violations: [] };
  return { line, violations: text.split('\n').map((sentence) => ({ rule: 'books', sentence })) };
}

async function countsIn(folder: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const place = join(folder, 'counts');
  for (const name of await readdir(place)) {
    const text = await readFile(join(place, name), 'utf8');
    // A process that was killed while it wrote has left a part of it.
    if (!text.endsWith('}')) continue;
    for (const [kind, count] of Object.entries(JSON.parse(text) as Record<string, number>)) {
      const name_of = kind.startsWith('clock ') ? 'clock wrong' : kind;
      counts[name_of] = (counts[name_of] ?? 0) + count;
    }
  }
  return counts;
}
