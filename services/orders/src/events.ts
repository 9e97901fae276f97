/** What is counted and said when something happens to orders. No personal data. */
import type { Log, Metrics } from '@souk/kernel';

interface Observer {
  log: Log;
  metrics: Metrics;
}

export function ordersPlaced({ metrics }: Observer, count: number): void {
  metrics.count('souk_orders_placed_total', {}, count);
  metrics.observe('souk_orders_group_size', {}, count);
}

export interface CheckoutMove {
  from: string;
  to: string;
  /** From the placing to the end of the checkout; undefined where this move does not end it. */
  lasted_ms: number | undefined;
}

export function checkoutsMoved({ metrics }: Observer, moves: readonly CheckoutMove[]): void {
  const counts = new Map<string, number>();
  for (const { from, to, lasted_ms } of moves) {
    if (lasted_ms !== undefined) metrics.observe('souk_checkout_duration_seconds', { outcome: to }, lasted_ms / 1_000);
    counts.set(`${from} ${to}`, (counts.get(`${from} ${to}`) ?? 0) + 1);
  }
  for (const [move, count] of counts) {
    const [from, to] = move.split(' ') as [string, string];
    metrics.count('souk_checkout_transitions_total', { from, to }, count);
  }
}

export function checkoutContradicted(
  { log, metrics }: Observer,
  fields: { order_id: string; input: string; event_id: string; why: string },
): void {
  metrics.count('souk_checkout_impossible_total', { input: fields.input });
  log.error(fields, 'a message cannot be true for its order');
}
