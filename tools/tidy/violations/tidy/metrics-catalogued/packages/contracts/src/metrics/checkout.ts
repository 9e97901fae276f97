import { counter } from './define-metric.ts';

export const checkoutMetrics = {
  souk_orders_placed_total: counter(['orders'], 'orders', 'Orders accepted', {}),
  souk_orders_forgotten_total: counter(['orders'], 'orders', 'Declared, and reported by nobody', {}),
};
