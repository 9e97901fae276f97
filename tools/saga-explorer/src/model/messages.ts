/** The events of a checkout, and the messages by which its consumers receive them: one for each queue that an event is bound to. */
import { type QueueName, queues } from '@souk/contracts';

/** An event with what its consumers distinguish. Of each there is at most one in the life of an order. */
export const events = [
  'order.created',
  'inventory.reserved',
  'inventory.rejected',
  'payment.requested',
  'payment.action_required',
  'payment.processed: succeeded',
  'payment.processed: declined',
  'payment.refunded: cancellation',
  'payment.refunded: staff',
  'order.confirmed',
  'order.cancelled',
  'order.shipped',
  'order.completed',
] as const;
export type EventName = (typeof events)[number];

const checkoutQueues = [
  'orders.checkout',
  'inventory.reserve-stock',
  'inventory.release-stock',
  'inventory.ship-stock',
  'payments.create-payment',
  'payments.refund-payment',
  'notifications.notify-customer',
] as const satisfies readonly QueueName[];
type CheckoutQueue = (typeof checkoutQueues)[number];
export type ServiceName = 'orders' | 'inventory' | 'payments' | 'notifications';

export interface Message {
  /** Its place in the bit sets of published and unacknowledged messages. */
  bit: number;
  event: EventName;
  queue: CheckoutQueue;
  service: ServiceName;
}

export function eventTypeOf(event: EventName): string {
  return event.split(':')[0] as string;
}

/** By the bindings that every process declares: a binding that is missing there is missing here. */
export const messages: readonly Message[] = events
  .flatMap((event) =>
    checkoutQueues
      .filter((queue) => (queues[queue] as readonly string[]).includes(eventTypeOf(event)))
      .map((queue) => ({ event, queue, service: queue.split('.')[0] as ServiceName })),
  )
  .map((message, place) => ({ ...message, bit: 1 << place }));

const bitsOf: ReadonlyMap<EventName, number> = new Map(
  events.map((event) => [event, messages.filter((one) => one.event === event).reduce((bits, { bit }) => bits | bit, 0)]),
);

/** The messages of these events as a bit set. An event that is published twice is refused: its consumers would act on both. */
export function bitsOfEvents(published: readonly EventName[]): number {
  return published.reduce((bits, event) => bits | (bitsOf.get(event) ?? 0), 0);
}
