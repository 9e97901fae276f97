/** Whether a run that has come to rest kept its promises: by the auditor's rules over the services' records, and by what customers were answered. */
import {
  type AuditRecord,
  audit,
  type OrderRecord,
  type ProviderRecord,
  type RecordReader,
  type ReservationRecord,
  type StockRecord,
} from '@souk/auditor';
import type { Placed } from './customers.ts';
import type { Edges } from './edges.ts';
import type { Neighbours } from './neighbours.ts';
import { virtualClock } from './shop.ts';

export interface Violation {
  rule: string;
  detail: string;
}

export interface Verdict {
  violations: Violation[];
  /** Something was under way yet: judge again later. */
  unsettled: string[];
  orders: number;
}

const pageSize = 1_000;

/** Reads the records as the auditor does, by the services' own routes. */
export function createReader(edges: Edges, neighbours: Neighbours): RecordReader {
  const page = async (kind: string, service: string): Promise<AuditRecord[]> => {
    if (service === 'products' || service === 'users')
      return (kind === 'messaging' ? [neighbours.messaging(service)] : [...neighbours.products]).toSorted(byKey);
    const request = { method: 'GET', path: '/internal/audit/records', query: { kind, limit: pageSize } } as const;
    const reply = await edges.ask(service, request);
    if (reply.kind !== 'answered') throw new Error(`${service} does not show its ${kind}: ${JSON.stringify(reply)}`);
    return JSON.parse(JSON.stringify((reply.body as { records: AuditRecord[] }).records)) as AuditRecord[];
  };
  return {
    async *pages<F extends AuditRecord>(kind: string, service: string) {
      yield (await page(kind, service)) as F[];
    },
    async one<F extends AuditRecord>(kind: string, service: string, key: string) {
      return (await page(kind, service)).find((record) => record.key === key) as F | undefined;
    },
  };
}

function byKey(one: AuditRecord, other: AuditRecord): number {
  return one.key < other.key ? -1 : 1;
}

/** Judges the books and the answers. */
export async function judge(
  reader: RecordReader,
  neighbours: Neighbours,
  placed: readonly Placed[],
  stock: readonly number[],
): Promise<Verdict> {
  const report = await audit({ records: reader, clock: virtualClock });
  const orders = await all<OrderRecord>(reader, 'orders', 'orders');
  const provider = await all<ProviderRecord>(reader, 'provider', 'payments');
  const waiting = orders.filter(({ status }) => status === 'pending' || status === 'awaiting_payment');
  const unsettled = [
    ...report.warnings.map(({ rule, detail }) => `${rule}: ${detail}`),
    ...waiting.map(({ order_id, status }) => `order …${order_id.slice(-6)} is ${status}`),
  ];
  const reservations = await all<ReservationRecord>(reader, 'reservations', 'inventory');
  const violations = [
    ...report.violations.map(({ rule, detail, ids }) => ({ rule, detail: `${detail} [${ids.map((id) => `…${id.slice(-6)}`).join(' ')}]` })),
    ...checkAnswers(placed, orders),
    ...checkSold(neighbours, stock, reservations, await all<StockRecord>(reader, 'stock', 'inventory')),
    ...checkMoney(orders, provider),
  ];
  return { violations, unsettled, orders: orders.length };
}

async function all<F extends AuditRecord>(reader: RecordReader, kind: Parameters<RecordReader['pages']>[0], service: string): Promise<F[]> {
  const records: F[] = [];
  for await (const page of reader.pages<F>(kind, service)) records.push(...page);
  return records;
}

/** What was acknowledged is there, once, as it was asked for; and nothing is there that was not asked for. */
function checkAnswers(placed: readonly Placed[], orders: readonly OrderRecord[]): Violation[] {
  const found: Violation[] = [];
  const known = new Map(orders.map((order) => [order.order_id, order]));
  const answered = new Set<string>();
  for (const { planned, user_id, acknowledged } of placed) {
    const name = `the order of customer ${planned.id}`;
    if (acknowledged.size > 1) found.push({ rule: 'placed_twice', detail: `${name} was placed ${acknowledged.size} times under one key` });
    for (const id of acknowledged) {
      answered.add(id);
      const order = known.get(id);
      const pieces = (items: readonly { quantity: number }[]): number => items.reduce((sum, { quantity }) => sum + quantity, 0);
      if (order === undefined) found.push({ rule: 'order_lost', detail: `${name} was acknowledged and is not there` });
      else if (order.user_id !== user_id || pieces(order.items) !== pieces(planned.items))
        found.push({ rule: 'order_differs', detail: `${name} is not as it was asked for` });
    }
  }
  const unanswered = orders.filter(({ order_id }) => !answered.has(order_id));
  const mayBe = placed.filter(({ acknowledged, lost }) => acknowledged.size === 0 && lost > 0).length;
  const doubled = placed.filter(({ planned, acknowledged, lost }) => !planned.keyed && acknowledged.size > 0 && lost > 0).length;
  if (unanswered.length > mayBe + doubled)
    found.push({ rule: 'order_not_asked_for', detail: `${unanswered.length} orders belong to no answer, at most ${mayBe + doubled} may` });
  return found;
}

/** Pieces held or shipped never exceed those that there were. */
function checkSold(
  { products }: Neighbours,
  stock: readonly number[],
  reservations: readonly ReservationRecord[],
  rows: readonly StockRecord[],
): Violation[] {
  return products.flatMap(({ product_id }, index) => {
    const taken = reservations
      .filter(({ status }) => status === 'held' || status === 'shipped')
      .flatMap(({ items }) => items)
      .filter((item) => item.product_id === product_id)
      .reduce((sum, { quantity }) => sum + quantity, 0);
    const there = stock[index] as number;
    const row = rows.find((one) => one.product_id === product_id);
    const found: Violation[] = [];
    if (taken > there) found.push({ rule: 'oversold', detail: `${taken} pieces of product ${index} are sold, there were ${there}` });
    const left = row === undefined ? undefined : row.on_hand - row.reserved;
    if (left !== undefined && left !== there - taken)
      found.push({ rule: 'stock_not_as_sold', detail: `${left} pieces of product ${index} are left, ${there - taken} should be` });
    return found;
  });
}

/** The provider's own record: each confirmed order charged once, nothing kept of a cancelled one. */
function checkMoney(orders: readonly OrderRecord[], provider: readonly ProviderRecord[]): Violation[] {
  const charged = new Map(provider.map((record) => [record.key, record]));
  return orders.flatMap(({ order_id, status, total_amount }) => {
    const record = charged.get(order_id);
    const name = `order …${order_id.slice(-6)} (${status})`;
    const found: Violation[] = [];
    if (record && record.charges > 1) found.push({ rule: 'charged_twice', detail: `${name} was charged ${record.charges} times` });
    if (status === 'cancelled' && record && record.charged !== record.refunded)
      found.push({ rule: 'money_kept', detail: `${name}: the provider keeps ${record.charged - record.refunded}` });
    if (status === 'confirmed' || status === 'shipped' || status === 'completed') {
      if (record?.charged !== total_amount)
        found.push({ rule: 'not_charged', detail: `${name}: charged ${record?.charged ?? 0} of ${total_amount}` });
    }
    return found;
  });
}
