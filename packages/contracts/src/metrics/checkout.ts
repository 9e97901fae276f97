import { OrderStatus } from '../fields.ts';
import { ageBuckets, counter, gauge, histogram, sharedGauge, sizeBuckets } from './define-metric.ts';

const statuses = OrderStatus.anyOf.map((status) => status.const);
const waiting = ['pending', 'awaiting_payment'] as const;

/** The saga: how many orders are where, for how long, and what moved them. */
export const checkoutMetrics = {
  souk_checkout_orders: sharedGauge(['orders'], 'orders', 'Orders by status, counted up to 100,000', { status: statuses }),
  souk_checkout_oldest_wait_seconds: sharedGauge(
    ['orders'],
    'seconds',
    'How long the oldest order of a status that must not last has waited since it was placed; 0 when none waits',
    { status: waiting },
  ),
  souk_checkout_transitions_total: counter(['orders'], 'orders', 'Orders that changed their status, by what moved them', {
    from: statuses,
    to: statuses,
    cause: [
      'inventory.reserved',
      'inventory.rejected',
      'payment.processed',
      'payment.refunded',
      'deadline_passed',
      'cancel_requested',
      'ship_requested',
      'complete_requested',
    ],
  }),
  souk_checkout_duration_seconds: histogram(
    ['orders'],
    'seconds',
    'Time from the placing of an order to the end of its checkout; 0 where clocks disagree',
    { outcome: ['confirmed', 'cancelled'] },
    ageBuckets,
  ),
  souk_checkout_deadlines_total: counter(['orders'], 'orders', 'Orders whose deadline passed before an answer came, by where they waited', {
    status: waiting,
  }),
  souk_checkout_impossible_total: counter(['orders'], 'events', 'Messages that cannot be true for their order', {
    input: ['inventory.reserved', 'inventory.rejected', 'payment.processed: succeeded', 'payment.processed: declined', 'payment.refunded'],
  }),
  souk_orders_group_size: histogram(['orders'], 'orders', 'Orders committed together', {}, sizeBuckets),
  souk_orders_waiters: gauge(['orders'], 'requests', 'Requests that wait for the end of a checkout', {}),
};
