/**
 * Every durable queue and the events it hears: the one list from which each process declares the whole topology
 * before its relay publishes, so that no event is lost because its consumer has not started yet. The name of a queue
 * is the service, a dot and the name of the consumer's file.
 */
import type { EventType } from './events/index.ts';

export const queues = {
  'inventory.open-stock': ['product.created', 'product.updated'],
  'inventory.reserve-stock': ['order.created'],
  'inventory.release-stock': ['order.cancelled'],
  'inventory.ship-stock': ['order.shipped'],
  'notifications.track-contacts': ['user.registered', 'user.updated', 'user.deleted'],
  'notifications.send-account-mail': ['user.registered', 'user.message_requested'],
  'notifications.tell-customer': ['order.confirmed', 'order.cancelled', 'order.shipped', 'order.completed', 'payment.refunded'],
  'orders.checkout': ['inventory.reserved', 'inventory.rejected', 'payment.processed', 'payment.refunded'],
  'orders.track-catalogue': ['product.created', 'product.updated', 'product.archived'],
  'orders.erase-user': ['user.deleted'],
  'payments.take-payment': ['payment.requested'],
  'payments.return-money': ['order.cancelled'],
  'products.track-stock': ['inventory.updated'],
} as const satisfies Record<string, readonly EventType[]>;

export type QueueName = keyof typeof queues;

/** What every gateway instance hears on a queue of its own that ends with it. */
export const broadcastPatterns = ['order.*', 'product.*', 'inventory.updated'] as const;

/** The queues that hear an event, in the order of the list above. */
export function hearersOf(event_type: string): QueueName[] {
  return (Object.keys(queues) as QueueName[]).filter((queue) => (queues[queue] as readonly string[]).includes(event_type));
}
