/**
 * The auditor: proves on live data, across all services, that the books balance. The streams of the services are not
 * one snapshot, so what looks wrong in the first pass is looked at again, by itself, until it is right or has stayed
 * wrong with nothing changing for `grace_ms`. Only that is a violation.
 */
import { type AuditReport, refusal } from '@souk/contracts';
import { type Clock, mapBounded, pause, timestamp } from '@souk/kernel';
import {
  type Fact,
  type Finding,
  factSources,
  type MessagingFact,
  type NotificationFact,
  type OrderFact,
  type PaymentFact,
  type ProductFact,
  type ProviderFact,
  type ReservationFact,
  type StockFact,
  type ToldFact,
} from './facts.ts';
import { type FactReader, mergeByKey } from './read-facts.ts';
import { checkMessaging, checkNotification, checkOrder, checkProduct, checkStock, lastChange, type OrderFacts } from './rules.ts';

export interface AuditOptions {
  facts: FactReader;
  clock: Clock;
  /** How long a fault must have stayed unchanged to be one; default 60 s. */
  grace_ms?: number;
  /** Called now and then with what has been read so far. */
  progress?(read: { orders: number; products: number }): void;
  signal?: AbortSignal;
}

/** Everything the services say by order, in the order of `asOrderFacts`. */
const kindsOfOrders = ['orders', 'reservations', 'payments', 'provider', 'told'] as const;
const graceDefaultMs = 60_000;
const recheckMs = 1_000;
const suspectsMax = 10_000;
const recheckConcurrency = 8;
const progressEvery = 1_000;
const messagingServices = ['users', 'products', 'orders', 'inventory', 'payments', 'notifications'];

interface Collected {
  counts: { orders: number; payments: number; movements: number };
  violations: Finding[];
  warnings: Finding[];
}

/** One audit. Rejects with `service_unavailable` when a service whose facts are needed is away: unproved is not balanced. */
export async function audit(options: AuditOptions): Promise<AuditReport> {
  const started_at = options.clock.now();
  const collected: Collected = { counts: { orders: 0, payments: 0, movements: 0 }, violations: [], warnings: [] };
  const suspects = await readOrders(options, collected);
  await readStock(options, collected);
  await readNotifications(options, collected);
  await readMessaging(options, collected);
  collected.violations.push(...(await recheck(options, suspects)));
  return {
    started_at: timestamp(started_at),
    finished_at: timestamp(options.clock.now()),
    balanced: collected.violations.length === 0,
    ...collected,
  };
}

async function readOrders({ facts, clock, progress }: AuditOptions, collected: Collected): Promise<string[]> {
  const suspects: string[] = [];
  let pending_refunds = 0;
  const streams = kindsOfOrders.map((kind) => facts.stream<Fact>(kind, factSources[kind]));
  for await (const { key, facts: of_key } of mergeByKey(streams)) {
    const all = asOrderFacts(key, of_key);
    if (all.order) collected.counts.orders += 1;
    if (all.payment) collected.counts.payments += 1;
    if (all.payment && all.payment.refunds_pending > 0) pending_refunds += 1;
    if (checkOrder(all, clock.now()).length > 0) {
      if (suspects.length === suspectsMax)
        throw refusal('overloaded', `More than ${suspectsMax} orders look wrong at this moment; audit again when the shop is quieter.`);
      suspects.push(key);
    }
    if (collected.counts.orders % progressEvery === 0) progress?.({ orders: collected.counts.orders, products: 0 });
  }
  if (pending_refunds > 0)
    collected.warnings.push({ rule: 'refunds_pending', detail: `${pending_refunds} refunds are under way`, ids: [] });
  return suspects;
}

function asOrderFacts(order_id: string, [order, reservation, payment, provider, told]: readonly (Fact | undefined)[]): OrderFacts {
  return {
    order_id,
    ...(order ? { order: order as OrderFact } : {}),
    ...(reservation ? { reservation: reservation as ReservationFact } : {}),
    ...(payment ? { payment: payment as PaymentFact } : {}),
    ...(provider ? { provider: provider as ProviderFact } : {}),
    ...(told ? { told: told as ToldFact } : {}),
  };
}

/** Looks at each suspect again until it is right, or has been wrong and unchanged for the whole grace. */
async function recheck(options: AuditOptions, suspects: readonly string[]): Promise<Finding[]> {
  const grace_ms = options.grace_ms ?? graceDefaultMs;
  const violations: Finding[] = [];
  let left = [...suspects];
  while (left.length > 0) {
    if (options.signal?.aborted) throw refusal('shutting_down', 'The audit was broken off; nothing is proved.');
    const outcomes = await mapBounded(left, recheckConcurrency, async (key) => {
      const all = await readOne(options.facts, key);
      const found = checkOrder(all, options.clock.now());
      if (found.length === 0) return 'right' as const;
      if (options.clock.now() - lastChange(all) < grace_ms) return 'in_flight' as const;
      violations.push(...found);
      return 'wrong' as const;
    });
    left = left.filter((_, index) => outcomes[index] === 'in_flight');
    if (left.length > 0) await pause(recheckMs, options.signal);
  }
  return violations;
}

async function readOne(facts: FactReader, key: string): Promise<OrderFacts> {
  return asOrderFacts(key, await Promise.all(kindsOfOrders.map((kind) => facts.one<Fact>(kind, factSources[kind], key))));
}

async function readStock({ facts, clock, progress }: AuditOptions, collected: Collected): Promise<void> {
  let products = 0;
  const streams = (['stock', 'products'] as const).map((kind) => facts.stream<Fact>(kind, factSources[kind]));
  for await (const { facts: of_key } of mergeByKey(streams)) {
    const [stock, product] = of_key as [StockFact | undefined, ProductFact | undefined];
    collected.counts.movements += stock?.movements ?? 0;
    if (stock) collected.violations.push(...checkStock(stock));
    if (product) collected.violations.push(...checkProduct(product, stock, clock.now()));
    if (++products % progressEvery === 0) progress?.({ orders: collected.counts.orders, products });
  }
}

async function readNotifications({ facts }: AuditOptions, collected: Collected): Promise<void> {
  for await (const fact of facts.stream<NotificationFact>('notifications', factSources.notifications))
    collected.violations.push(...checkNotification(fact));
}

async function readMessaging({ facts }: AuditOptions, collected: Collected): Promise<void> {
  for (const service of messagingServices) {
    for await (const fact of facts.stream<MessagingFact>('messaging', service)) {
      const found = checkMessaging(service, fact);
      collected.violations.push(...found.violations);
      collected.warnings.push(...found.warnings);
    }
  }
}

/** The report as people read it: the one line, or each violation with its ids. */
export function reportLines(report: AuditReport): string[] {
  const { orders, payments, movements } = report.counts;
  const head = `${report.balanced ? 'books balanced' : 'BOOKS NOT BALANCED'}: ${orders} orders, ${payments} payments, ${movements} movements, ${report.violations.length} violations`;
  return [
    ...report.violations.map((found) => `violation ${found.rule}: ${found.detail} [${found.ids.join(' ')}]`),
    ...report.warnings.map((found) => `warning ${found.rule}: ${found.detail}`),
    head,
  ];
}
