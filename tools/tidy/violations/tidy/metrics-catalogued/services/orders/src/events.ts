import type { Metrics } from '@souk/kernel';

export function ordersPlaced(metrics: Metrics, count: number): void {
  metrics.count('souk_orders_placed_total', {}, count);
  metrics.count('souk_orders_placed_quietly_total', {}, count);
}
