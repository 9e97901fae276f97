import { counter, gauge, histogram, requestBuckets, sharedGauge } from './define-metric.ts';

const currency = 'currencies in use';

/** What the shop is there for: orders, money, stock, people. Amounts are minor units of the currency, added up without loss up to 2^53. */
export const businessMetrics = {
  souk_orders_placed_total: counter(['orders'], 'orders', 'Orders accepted', { currency }),
  souk_orders_revenue_minor_units_total: counter(['orders'], 'minor units', 'Totals of the orders that were confirmed', { currency }),
  souk_payments_settled_total: counter(['payments'], 'payments', 'Payments whose outcome is known, or stays unknown', {
    status: ['captured', 'declined', 'unknown', 'void'],
  }),
  souk_payments_refunded_total: counter(['payments'], 'refunds', 'Refunds that went through', {}),
  souk_payments_refunded_minor_units_total: counter(['payments'], 'minor units', 'Money given back', { currency }),
  souk_inventory_orders_total: counter(['inventory'], 'orders', 'Orders decided: stock held for all of it, refused, or not known yet', {
    outcome: ['reserved', 'rejected', 'waiting'],
  }),
  souk_inventory_reservations_ended_total: counter(['inventory'], 'reservations', 'Reservations that ended', {
    outcome: ['released', 'shipped', 'tombstone'],
  }),
  souk_inventory_contradictions_total: counter(['inventory'], 'events', 'Messages about an order that ended in another way', {
    event_type: ['order.cancelled', 'order.shipped'],
    status: ['released', 'shipped', 'rejected', 'tombstone'],
  }),
  souk_inventory_stock_opened_total: counter(['inventory'], 'products', 'Products that got a stock record', {}),
  souk_inventory_adjustments_total: counter(['inventory'], 'adjustments', 'Changes of stock made by staff', {}),
  souk_inventory_announcements_total: counter(['inventory'], 'products', 'Stock changes published', {}),
  souk_inventory_unannounced_products: gauge(['inventory'], 'products', 'Products whose stock change is still to be published', {}),
  souk_notifications_total: counter(['notifications'], 'messages', 'Messages to people by what became of a try to send them', {
    outcome: ['sent', 'pending', 'failed', 'suppressed'],
  }),
  souk_webhook_deliveries_total: counter(['notifications'], 'attempts', 'Attempts to post to a webhook by what became of the delivery', {
    outcome: ['delivered', 'retried', 'failed'],
  }),
  souk_webhook_attempt_seconds: histogram(['notifications'], 'seconds', 'Time for a webhook to answer, or not to', {}, requestBuckets),
  souk_webhook_overdue_seconds: sharedGauge(
    ['notifications'],
    'seconds',
    'For how long the longest overdue delivery to an active webhook waits',
    {},
  ),
  souk_users_registered_total: counter(['users'], 'accounts', 'Accounts opened', { source: ['api', 'staff', 'sample'] }),
  souk_users_erased_total: counter(['users'], 'accounts', 'Accounts erased', {}),
  souk_users_logins_total: counter(['users'], 'sign-ins', 'Attempts to sign in', { outcome: ['succeeded', 'failed', 'throttled'] }),
  souk_users_refresh_reuses_total: counter(['users'], 'tokens', 'Refresh tokens shown twice; their sessions have ended', {}),
  souk_users_password_hashes: gauge(['users'], 'hashes', 'Password hashes being computed, and waiting for their turn', {
    state: ['running', 'waiting'],
  }),
};
