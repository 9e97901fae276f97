import { type EventDefinition, orderCancelled, orderCompleted, orderConfirmed, orderShipped } from '@souk/contracts';
import { derivedUuidBeside } from '@souk/kernel';
import type { EventDraft } from '@souk/messaging';

/** Events that happen once for each order, and of which its customer is notified. */
const once: readonly string[] = [orderConfirmed, orderCancelled, orderShipped, orderCompleted].map(({ event_type }) => event_type);

/** The id that this event of an order always has, also when it is published once more. */
export function orderEventId({ event_type }: Pick<EventDefinition, 'event_type'>, order_id: string): string {
  return derivedUuidBeside(order_id, event_type);
}

/** Gives events that happen once for each order the id that they always have. */
export function withOrderEventId(draft: EventDraft): EventDraft {
  const { order_id } = draft.payload as { order_id: string };
  return once.includes(draft.definition.event_type) ? { ...draft, event_id: orderEventId(draft.definition, order_id) } : draft;
}
