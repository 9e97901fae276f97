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
import { mergeByKey, type RecordReader } from './read-records.ts';
import { checkNotification } from './rules/check-messages.ts';
import { checkMessaging } from './rules/check-messaging.ts';
import { checkOrder } from './rules/check-order.ts';
import { checkProduct, lastProductChange, type ProductRecords } from './rules/check-product.ts';
import { lastChange, type OrderRecords } from './rules/order-records.ts';
import { judgeSuspects, type Look, type Suspect } from './suspects.ts';

export interface AuditOptions {
  records: RecordReader;
  clock: Clock;
  /** How long a fault must have stayed unchanged to be one; default 60 s. */
  grace_ms?: number;
  /** Called now and then with what has been read so far. */
  progress?(read: { orders: number; products: number }): void;
  signal?: AbortSignal;
}

/** Everything the services say by order, in the order of `asOrderRecords`. */
const kindsOfOrders = ['orders', 'reservations', 'payments', 'cancellations', 'provider', 'order_messages'] as const;
/** Everything they say by product, in the order of `asProductRecords`. */
const kindsOfProducts = ['products', 'stock', 'catalogue'] as const;
const graceDefaultMs = 60_000;
const suspectsMax = 10_000;
const progressEvery = 1_000;

interface Collected {
  counts: { orders: number; payments: number; movements: number };
  violations: Finding[];
  warnings: Finding[];
  suspects: Suspect[];
}

/** One audit. Rejects with `service_unavailable` when a service whose records are needed is away: unproved is not balanced. */
export async function audit(options: AuditOptions): Promise<AuditReport> {
  const { records, clock, signal, grace_ms = graceDefaultMs } = options;
  const started_at = clock.now();
  const collected: Collected = { counts: { orders: 0, payments: 0, movements: 0 }, violations: [], warnings: [], suspects: [] };
  await readOrders(options, collected, await restoredWindows(records));
  await readProducts(options, collected);
  await readNotifications(options, collected);
  await readMessaging(options, collected);
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

/** When the orders of this shop were restored, if they were: known before the first order is judged. */
async function restoredWindows(records: RecordReader): Promise<readonly RestoredWindow[]> {
  const windows: RestoredWindow[] = [];
  for await (const { restored = [] } of records.stream<MessagingRecord>('messaging', 'orders')) windows.push(...restored);
  return windows;
}

async function readOrders(
  { records, clock, progress }: AuditOptions,
  collected: Collected,
  restored: readonly RestoredWindow[],
): Promise<void> {
  let pending_refunds = 0;
  const streams = kindsOfOrders.map((kind) => records.stream<AuditRecord>(kind, recordSources[kind]));
  for await (const { key, records: of_key } of mergeByKey(streams)) {
    const all = asOrderRecords(key, of_key);
    if (all.order?.status) collected.counts.orders += 1;
    if (all.payment) collected.counts.payments += 1;
    if (all.payment && all.payment.refunds_pending > 0) pending_refunds += 1;
    if (checkOrder(all, clock.now(), restored).length > 0)
      suspect(collected, { key, look: () => lookAtOrder(records, key, clock.now(), restored) });
    if (collected.counts.orders % progressEvery === 0) progress?.({ orders: collected.counts.orders, products: 0 });
  }
  if (pending_refunds > 0)
    collected.warnings.push({ rule: 'refunds_pending', detail: `${pending_refunds} refunds are under way`, ids: [] });
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

async function lookAtOrder(records: RecordReader, key: string, now: number, restored: readonly RestoredWindow[]): Promise<Look> {
  const all = asOrderRecords(key, await Promise.all(kindsOfOrders.map((kind) => records.one<AuditRecord>(kind, recordSources[kind], key))));
  return { found: checkOrder(all, now, restored), changed_at_ms: lastChange(all, now), state: JSON.stringify(all) };
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
  const streams = kindsOfProducts.map((kind) => records.stream<AuditRecord>(kind, recordSources[kind]));
  for await (const { key, records: of_key } of mergeByKey(streams)) {
    const all = asProductRecords(key, of_key);
    collected.counts.movements += all.stock?.movements ?? 0;
    if (checkProduct(all).length > 0) suspect(collected, { key, look: () => lookAtProduct(records, key, clock.now()) });
    if (++products % progressEvery === 0) progress?.({ orders: collected.counts.orders, products });
  }
}

async function readNotifications({ records }: AuditOptions, collected: Collected): Promise<void> {
  for await (const record of records.stream<NotificationRecord>('notifications', recordSources.notifications))
    collected.violations.push(...checkNotification(record));
}

async function readMessaging({ records }: AuditOptions, collected: Collected): Promise<void> {
  for (const service of dataServices) {
    for await (const record of records.stream<MessagingRecord>('messaging', service)) {
      const found = checkMessaging(service, record);
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
