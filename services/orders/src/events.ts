/** What is counted and said when something happens to orders. No personal data. */
import { elapsedSeconds, type Log, type Metrics } from '@souk/kernel';

interface Observer {
  log: Log;
  metrics: Metrics;
}

/** The currency of the shop is known before its first order; others show when they come. */
export function shopOpened({ metrics }: Observer, currency: string): void {
  metrics.count('souk_orders_placed_total', { currency }, 0);
  metrics.count('souk_orders_revenue_minor_units_total', { currency }, 0);
}

export function ordersPlaced({ metrics }: Observer, orders: readonly { currency: string }[]): void {
  for (const [currency, count] of byCurrency(orders, () => 1)) {
    metrics.count('souk_orders_placed_total', { currency }, count);
    // There before the first of them is paid, so that its payment is an increase.
    metrics.count('souk_orders_revenue_minor_units_total', { currency }, 0);
  }
  metrics.observe('souk_orders_group_size', {}, orders.length);
}

export interface CheckoutMove {
  from: string;
  to: string;
  /** The input that moved it. */
  cause: string;
  total_amount: number;
  currency: string;
  /** When it was placed, and when it moved; epoch milliseconds. */
  placed_at: number;
  moved_at: number;
  /** Whether this move ended the checkout. */
  ends: boolean;
  /** The trace in which it moved. */
  traceparent?: string | undefined;
}

export function checkoutsMoved({ metrics }: Observer, moves: readonly CheckoutMove[]): void {
  const counts = new Map<string, { move: CheckoutMove; count: number }>();
  for (const move of moves) {
    const { from, to, cause, placed_at, moved_at, ends, traceparent } = move;
    if (ends) metrics.observe('souk_checkout_duration_seconds', { outcome: to }, elapsedSeconds(placed_at, moved_at), traceparent);
    if (cause === 'deadline_passed') metrics.count('souk_checkout_deadlines_total', { status: from });
    const key = `${from} ${to} ${cause}`;
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { move, count: 1 });
  }
  for (const { move, count } of counts.values()) {
    const { from, to, cause } = move;
    metrics.count('souk_checkout_transitions_total', { from, to, cause }, count);
  }
  const confirmed = moves.filter(({ to }) => to === 'confirmed');
  for (const [currency, minor_units] of byCurrency(confirmed, ({ total_amount }) => total_amount))
    metrics.count('souk_orders_revenue_minor_units_total', { currency }, minor_units);
}

export function checkoutContradicted(
  { log, metrics }: Observer,
  fields: { order_id: string; input: string; event_id: string; why: string },
): void {
  metrics.count('souk_checkout_impossible_total', { input: fields.input });
  log.error(fields, 'a message cannot be true for its order');
}

function byCurrency<T extends { currency: string }>(rows: readonly T[], amountOf: (row: T) => number): Map<string, number> {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(row.currency, (sums.get(row.currency) ?? 0) + amountOf(row));
  return sums;
}
