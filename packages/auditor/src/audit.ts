/**
 * The auditor: proves on live data, across all services, that the books balance. The streams of the services are not
 * one snapshot, so what looks wrong in the first pass is a suspect only: it is looked at again, by itself, until it is
 * right or is certainly at rest and wrong (see `suspects.ts`).
 */
import { type AuditReport, dataServices, refusal } from '@souk/contracts';
import { type Clock, timestamp } from '@souk/kernel';
import {
  type AuditRecord,
  type CancellationRecord,
  type CatalogueRecord,
  type DeliveriesRecord,
  type Finding,
  type MessagingRecord,
  type NotificationRecord,
  type OrderMessagesRecord,
  type OrderRecord,
  type PaymentRecord,
  type ProductRecord,
  type ProviderRecord,
  type ReservationRecord,
  type RestoredWindow,
  recordSources,
  type StockRecord,
} from './audit-records.ts';
import type { PromotionRecord } from './promotion-record.ts';
import { mergeByKey, type RecordReader } from './read-records.ts';
import { checkDeliveries } from './rules/check-deliveries.ts';
import { incidentsOf } from './rules/check-disputes.ts';
import { checkNotification } from './rules/check-messages.ts';
import { checkMessaging } from './rules/check-messaging.ts';
import { checkOrder, outcomesOf, type RuleOutcome } from './rules/check-order.ts';
import { checkProduct, lastProductChange, type ProductRecords } from './rules/check-product.ts';
import { checkPromotion } from './rules/check-redemptions.ts';
import { lastChange, type OrderRecords } from './rules/order-records.ts';
import { judgeSuspects, type Look, type Suspect } from './suspects.ts';

export interface AuditOptions {
  records: RecordReader;
  clock: Clock;
  /** How long a fault must have stayed unchanged to be one; default 60 s. */
  grace_ms?: number;
  /** Called now and then with what has been read so far of one of both. */
  progress?(read: { orders: number } | { products: number }): void;
  signal?: AbortSignal;
}

/** Everything the services say by order, in the order of `asOrderRecords`. */
const kindsOfOrders = ['orders', 'reservations', 'payments', 'cancellations', 'provider', 'order_messages'] as const;
/** Everything they say by product, in the order of `asProductRecords`. */
const kindsOfProducts = ['products', 'stock', 'catalogue'] as const;
const graceDefaultMs = 60_000;
const suspectsMax = 10_000;
const warningsMax = 100;
const progressEvery = 1_000;

interface Collected {
  counts: { orders: number; payments: number; movements: number };
  violations: Finding[];
  warnings: Finding[];
  suspects: Suspect[];
}

const collectedBy = async (read: (into: Collected) => Promise<void>): Promise<Collected> => {
  const into: Collected = { counts: { orders: 0, payments: 0, movements: 0 }, violations: [], warnings: [], suspects: [] };
  await read(into);
  return into;
};

function together(parts: readonly Collected[]): Collected {
  const sum = (of: keyof Collected['counts']): number => parts.reduce((total, { counts }) => total + counts[of], 0);
  return {
    counts: { orders: sum('orders'), payments: sum('payments'), movements: sum('movements') },
    violations: parts.flatMap(({ violations }) => violations),
    warnings: parts.flatMap(({ warnings }) => warnings),
    suspects: parts.flatMap(({ suspects }) => suspects),
  };
}

/** One audit. Rejects with `service_unavailable` when a service whose records are needed is away: unproved is not balanced. */
export async function audit(options: AuditOptions): Promise<AuditReport> {
  const { records, clock, signal, grace_ms = graceDefaultMs } = options;
  const started_at = clock.now();
  const restored = await restoredWindows(records);
  const readings = [
    (into: Collected) => readOrders(options, into, restored),
    (into: Collected) => readProducts(options, into),
    (into: Collected) => readPromotions(options, into),
    (into: Collected) => readNotifications(options, into),
    (into: Collected) => readDeliveries(options, into),
    (into: Collected) => readMessaging(options, into),
  ];
  // Beside each other, so that services read while records are judged here; each for itself, so that a report has one order.
  const collected = together(await Promise.all(readings.map(collectedBy)));
  const { counts, suspects } = collected;
  const judged = await judgeSuspects({ records, clock, grace_ms, suspects, ...(signal && { signal }) });
  const violations = [...collected.violations, ...judged.violations];
  return {
    started_at: timestamp(started_at),
    finished_at: timestamp(clock.now()),
    balanced: violations.length === 0,
    counts,
    violations,
    warnings: [...collected.warnings, ...judged.warnings],
  };
}

/** One order and the products in it, judged like those of an audit. Rejects with `not_found` when no service has a trace of it. */
export async function auditOrder(options: AuditOptions & { order_id: string }): Promise<AuditReport> {
  const { records, clock, signal, order_id, grace_ms = graceDefaultMs } = options;
  const started_at = clock.now();
  const restored = await restoredWindows(records);
  const all = await readOrder(records, order_id);
  if (Object.keys(all).length === 1) throw refusal('not_found', `No service has a trace of an order ${order_id}.`);
  const suspects: Suspect[] = [
    { key: order_id, look: () => lookAtOrder(records, order_id, clock.now(), restored) },
    ...productsOf(all).map((key) => ({ key, look: () => lookAtProduct(records, key, clock.now()) })),
  ];
  const judged = await judgeSuspects({ records, clock, grace_ms, suspects, ...(signal && { signal }) });
  return {
    started_at: timestamp(started_at),
    finished_at: timestamp(clock.now()),
    balanced: judged.violations.length === 0,
    counts: {
      orders: all.order?.status ? 1 : 0,
      payments: all.payment ? 1 : 0,
      movements: (all.reservation?.movements ?? []).reduce((sum, { movements }) => sum + movements, 0),
    },
    ...judged,
  };
}

function productsOf({ order, reservation }: OrderRecords): string[] {
  return [...new Set([...(order?.items ?? []), ...(reservation?.items ?? [])].map(({ product_id }) => product_id))].sort();
}

/** What each rule says of one order at this moment, without waiting for what is on its way. */
export async function checkOneOrder({
  records,
  clock,
  order_id,
}: Pick<AuditOptions, 'records' | 'clock'> & { order_id: string }): Promise<RuleOutcome[]> {
  const restored = await restoredWindows(records);
  return outcomesOf(await readOrder(records, order_id), clock.now(), restored);
}

/** When the orders of this shop were restored, if they were: known before the first order is judged. */
async function restoredWindows(records: RecordReader): Promise<readonly RestoredWindow[]> {
  const windows: RestoredWindow[] = [];
  for await (const page of records.pages<MessagingRecord>('messaging', 'orders'))
    for (const { restored = [] } of page) windows.push(...restored);
  return windows;
}

async function readOrders(
  { records, clock, progress }: AuditOptions,
  collected: Collected,
  restored: readonly RestoredWindow[],
): Promise<void> {
  let pending_refunds = 0;
  const streams = kindsOfOrders.map((kind) => records.pages<AuditRecord>(kind, recordSources[kind]));
  await mergeByKey(streams, (key, of_key) => {
    const all = asOrderRecords(key, of_key);
    if (all.order?.status) collected.counts.orders += 1;
    if (all.payment) collected.counts.payments += 1;
    if (all.payment && all.payment.refunds_pending > 0) pending_refunds += 1;
    if (all.payment) note(collected, incidentsOf(all.payment));
    if (checkOrder(all, clock.now(), restored).length > 0)
      suspect(collected, { key, look: () => lookAtOrder(records, key, clock.now(), restored) });
    if (collected.counts.orders % progressEvery === 0) progress?.({ orders: collected.counts.orders });
  });
  if (pending_refunds > 0)
    collected.warnings.push({ rule: 'refunds_pending', detail: `${pending_refunds} refunds are under way`, ids: [] });
}

/** As many as a person can look at. */
function note({ warnings }: Collected, incidents: readonly Finding[]): void {
  warnings.push(...incidents.slice(0, Math.max(0, warningsMax - warnings.length)));
}

function suspect({ suspects }: Collected, one: Suspect): void {
  if (suspects.length === suspectsMax)
    throw refusal(
      'overloaded',
      `More than ${suspectsMax} orders and products look wrong at this moment; audit again when the shop is quieter.`,
    );
  suspects.push(one);
}

function asOrderRecords(
  order_id: string,
  [order, reservation, payment, cancellation, provider, order_messages]: readonly (AuditRecord | undefined)[],
): OrderRecords {
  return {
    order_id,
    ...(order ? { order: order as OrderRecord } : {}),
    ...(reservation ? { reservation: reservation as ReservationRecord } : {}),
    ...(payment ? { payment: payment as PaymentRecord } : {}),
    ...(cancellation ? { cancellation: cancellation as CancellationRecord } : {}),
    ...(provider ? { provider: provider as ProviderRecord } : {}),
    ...(order_messages ? { order_messages: order_messages as OrderMessagesRecord } : {}),
  };
}

async function readOrder(records: RecordReader, key: string): Promise<OrderRecords> {
  return asOrderRecords(key, await Promise.all(kindsOfOrders.map((kind) => records.one<AuditRecord>(kind, recordSources[kind], key))));
}

async function lookAtOrder(records: RecordReader, key: string, now: number, restored: readonly RestoredWindow[]): Promise<Look> {
  const all = await readOrder(records, key);
  return { found: checkOrder(all, now, restored), changed_at_ms: lastChange(all, now), state: stateOf(all) };
}

/** The records as a text, with lists in one order: a service may name what has not changed in another order. */
function stateOf(records: OrderRecords): string {
  return JSON.stringify(records, (_name, value: unknown) =>
    Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort() : value,
  );
}

function asProductRecords(product_id: string, [product, stock, catalogue]: readonly (AuditRecord | undefined)[]): ProductRecords {
  return {
    product_id,
    ...(product ? { product: product as ProductRecord } : {}),
    ...(stock ? { stock: stock as StockRecord } : {}),
    ...(catalogue ? { catalogue: catalogue as CatalogueRecord } : {}),
  };
}

async function lookAtProduct(records: RecordReader, key: string, now: number): Promise<Look> {
  const all = asProductRecords(
    key,
    await Promise.all(kindsOfProducts.map((kind) => records.one<AuditRecord>(kind, recordSources[kind], key))),
  );
  // The stock of what sells well changes all the time; its copies are at rest when they do not follow.
  const { product, catalogue } = all;
  const state = JSON.stringify([product?.version, product?.stock_version, catalogue?.product_version]);
  return { found: checkProduct(all), changed_at_ms: lastProductChange(all, now), state };
}

async function readProducts({ records, clock, progress }: AuditOptions, collected: Collected): Promise<void> {
  let products = 0;
  const streams = kindsOfProducts.map((kind) => records.pages<AuditRecord>(kind, recordSources[kind]));
  await mergeByKey(streams, (key, of_key) => {
    const all = asProductRecords(key, of_key);
    collected.counts.movements += all.stock?.movements ?? 0;
    if (checkProduct(all).length > 0) suspect(collected, { key, look: () => lookAtProduct(records, key, clock.now()) });
    if (++products % progressEvery === 0) progress?.({ products });
  });
}

async function readPromotions({ records }: AuditOptions, collected: Collected): Promise<void> {
  for await (const page of records.pages<PromotionRecord>('promotions', recordSources.promotions))
    for (const record of page) collected.violations.push(...checkPromotion(record));
}

async function readNotifications({ records }: AuditOptions, collected: Collected): Promise<void> {
  for await (const page of records.pages<NotificationRecord>('notifications', recordSources.notifications))
    for (const record of page) collected.violations.push(...checkNotification(record));
}

async function readDeliveries({ records }: AuditOptions, collected: Collected): Promise<void> {
  for await (const page of records.pages<DeliveriesRecord>('deliveries', recordSources.deliveries))
    for (const record of page) collected.violations.push(...checkDeliveries(record));
}

async function readMessaging({ records }: AuditOptions, collected: Collected): Promise<void> {
  for (const service of dataServices) {
    for await (const page of records.pages<MessagingRecord>('messaging', service)) {
      for (const record of page) {
        const found = checkMessaging(service, record);
        collected.violations.push(...found.violations);
        collected.warnings.push(...found.warnings);
      }
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
