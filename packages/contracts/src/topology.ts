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
  'inventory.ship-stock': ['order.shipped'],
  'inventory.erase-user': ['user.deleted'],
  'notifications.track-contacts': ['user.registered', 'user.updated', 'user.deleted'],
  'notifications.send-account-mail': ['user.registered', 'user.message_requested'],
  'notifications.notify-customer': ['order.confirmed', 'order.cancelled', 'order.shipped', 'order.completed', 'payment.refunded'],
  'orders.checkout': ['inventory.reserved', 'inventory.rejected', 'payment.processed', 'payment.refunded'],
  'orders.track-catalogue': ['product.created', 'product.updated', 'product.archived'],
  'orders.erase-user': ['user.deleted'],
  'payments.create-payment': ['payment.requested'],
  'payments.refund-payment': ['order.cancelled'],
  'payments.erase-user': ['user.deleted'],
  'products.track-stock': ['inventory.updated'],
} as const satisfies Record<string, readonly EventType[]>;

export type QueueName = keyof typeof queues;

/** What every gateway instance subscribes to, with a queue of its own that ends with it. */
export const broadcastPatterns = ['order.*', 'product.*', 'inventory.updated'] as const;

/** The queues an event is bound to, in the order of the list above. */
export function subscribersOf(event_type: string): QueueName[] {
  return (Object.keys(queues) as QueueName[]).filter((queue) => (queues[queue] as readonly string[]).includes(event_type));
}
