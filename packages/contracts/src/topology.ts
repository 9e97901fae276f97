/**
 * Every durable queue and the events bound to it: the one list from which each process declares the whole topology
 * before its relay publishes, so that no event is lost because its consumer has not started yet. The name of a queue
 * is the service, a dot and the name of the consumer's file.
 */
import type { EventType } from './events/index.ts';

export const queues = {
  'inventory.open-stock': ['product.created', 'product.updated'],
  'inventory.reserve-stock': ['order.created'],
  'inventory.release-stock': ['order.cancelled'],
  'inventory.ship-stock': ['order.shipped', 'order.parcel_sent'],
  'inventory.state-stock': ['product.stock_stated'],
  'inventory.restock-return': ['return.received'],
  'inventory.erase-user': ['user.deleted'],
  'notifications.track-contacts': ['user.registered', 'user.updated', 'user.deleted', 'user.guest_linked'],
  'notifications.send-account-mail': ['user.registered', 'user.message_requested'],
  'notifications.notify-customer': [
    'order.confirmed',
    'order.cancelled',
    'order.shipped',
    'order.parcel_sent',
    'order.completed',
    'return.updated',
    'payment.refunded',
  ],
  'notifications.send-order-link': ['order.link_requested'],
  'orders.checkout': ['inventory.reserved', 'inventory.rejected', 'payment.action_required', 'payment.processed', 'payment.refunded'],
  'orders.track-catalogue': ['product.created', 'product.updated', 'product.archived'],
  'orders.erase-user': ['user.deleted'],
  'orders.link-guest': ['user.guest_linked'],
  'orders.settle-return': ['payment.refunded', 'payment.refund_refused'],
  'orders.note-payment': ['payment.disputed', 'payment.refund_failed'],
  'payments.create-payment': ['payment.requested'],
  'payments.refund-payment': ['order.cancelled'],
  'payments.refund-return': ['refund.requested'],
  'payments.erase-user': ['user.deleted'],
  'payments.link-guest': ['user.guest_linked'],
  'products.track-stock': ['inventory.updated'],
  'products.note-refused-stock': ['inventory.stock_refused'],
} as const satisfies Record<string, readonly EventType[]>;

export type QueueName = keyof typeof queues;

/** What every gateway instance subscribes to, with a queue of its own that ends with it. */
export const broadcastPatterns = ['order.*', 'product.created', 'product.updated', 'product.archived', 'inventory.updated'] as const;

/** The queues an event is bound to, in the order of the list above. */
export function subscribersOf(event_type: string): QueueName[] {
  return (Object.keys(queues) as QueueName[]).filter((queue) => (queues[queue] as readonly string[]).includes(event_type));
}
