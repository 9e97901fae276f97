/** What a receipt says of an order, from the records of all services and what the auditor's rules said of them. */
import type { Receipt } from '@souk/contracts';
import { timestamp, toMajor } from '@souk/kernel';
import type { JoinedRecords } from './joined-records.ts';

/** Services without which a receipt would say less than it seems to. */
export const receiptSources: readonly string[] = ['orders', 'inventory', 'payments', 'notifications'];

/** What a rule of the auditor said of the order. */
interface RuleOutcome {
  name: string;
  statement: string;
  /** Codes of what differed. */
  found: readonly string[];
}

/** The receipt of these records, of which the rules said this at that moment; pure. */
export function receiptOf(records: JoinedRecords, outcomes: readonly RuleOutcome[], checked_at_ms: number): Receipt {
  const { order } = records;
  const { id, order_number, status, cancel_reason, version, created_at: placed_at, currency } = order;
  const amount = (minor: number): number => toMajor(minor, currency);
  return {
    version: 1,
    issued_at: timestamp(checked_at_ms),
    order: {
      id,
      order_number,
      status,
      cancel_reason,
      version,
      placed_at,
      currency,
      total_amount: amount(order.total_amount),
      ...(order.totals && { totals: order.totals }),
      items: order.items.map(({ product_id, sku, name, quantity, price, line_total }) => ({
        ...{ product_id, sku, name, quantity },
        price: amount(price),
        line_total: amount(line_total),
      })),
    },
    money: moneyOf(records, amount),
    stock: stockOf(records),
    checks: outcomes.map(({ name, statement, found }) => ({
      rule: name,
      statement,
      outcome: found.length === 0 ? 'holds' : 'open',
      found: [...found],
      checked_at: timestamp(checked_at_ms),
    })),
  };
}

function moneyOf({ payment, provider }: JoinedRecords, amount: (minor: number) => number): Receipt['money'] {
  const charges = provider.charges.filter(({ status }) => status === 'succeeded');
  const sum = (rows: readonly { amount: number }[]): number => rows.reduce((total, row) => total + row.amount, 0);
  const listed = (rows: readonly { idempotency_key: string; amount: number; at: string }[]) =>
    rows.map((row) => ({ id: row.idempotency_key, amount: amount(row.amount), at: row.at }));
  return {
    provider: payment?.provider ?? null,
    charged: amount(sum(charges)),
    refunded: amount(sum(provider.refunds)),
    refund_pending: amount(payment?.refunding ?? 0),
    charges: listed(charges),
    refunds: listed(provider.refunds),
  };
}

const states = { held: 'held', released: 'released', shipped: 'left', rejected: 'none', tombstone: 'none' } as const;

function stockOf({ reservation }: JoinedRecords): Receipt['stock'] {
  const state = reservation ? states[reservation.status] : 'none';
  if (!reservation || state === 'none') return { state: 'none', pieces: [], held_at: null };
  const pieces = reservation.items.map(({ product_id, quantity }) => ({ product_id, quantity }));
  return { state, pieces, held_at: reservation.created_at };
}
