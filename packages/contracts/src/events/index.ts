/** The catalogue: every event there is. */

import type { EventDefinition, EventOf } from '../define-event.ts';
import { inventoryRejected } from './inventory-rejected.ts';
import { inventoryReleased } from './inventory-released.ts';
import { inventoryReserved } from './inventory-reserved.ts';
import { inventoryUpdated } from './inventory-updated.ts';
import { orderCancelled } from './order-cancelled.ts';
import { orderCompleted } from './order-completed.ts';
import { orderConfirmed } from './order-confirmed.ts';
import { orderCreated } from './order-created.ts';
import { orderShipped } from './order-shipped.ts';
import { paymentProcessed } from './payment-processed.ts';
import { paymentRefunded } from './payment-refunded.ts';
import { paymentRequested } from './payment-requested.ts';
import { productArchived } from './product-archived.ts';
import { productCreated } from './product-created.ts';
import { productUpdated } from './product-updated.ts';
import { userDeleted } from './user-deleted.ts';
import { userMessageRequested } from './user-message-requested.ts';
import { userRegistered } from './user-registered.ts';
import { userUpdated } from './user-updated.ts';

export {
  inventoryRejected,
  inventoryReleased,
  inventoryReserved,
  inventoryUpdated,
  orderCancelled,
  orderCompleted,
  orderConfirmed,
  orderCreated,
  orderShipped,
  paymentProcessed,
  paymentRefunded,
  paymentRequested,
  productArchived,
  productCreated,
  productUpdated,
  userDeleted,
  userMessageRequested,
  userRegistered,
  userUpdated,
};

export const events = [
  userRegistered,
  userUpdated,
  userDeleted,
  userMessageRequested,
  productCreated,
  productUpdated,
  productArchived,
  orderCreated,
  orderConfirmed,
  orderCancelled,
  orderShipped,
  orderCompleted,
  inventoryReserved,
  inventoryRejected,
  inventoryReleased,
  inventoryUpdated,
  paymentRequested,
  paymentProcessed,
  paymentRefunded,
] as const;

export type EventType = (typeof events)[number]['event_type'];
export type SoukEvent = EventOf<(typeof events)[number]>;

const byType: ReadonlyMap<string, EventDefinition> = new Map(
  events.map((definition) => [definition.event_type, definition as EventDefinition]),
);

/** The definition of an event type; undefined for a type that is not in the catalogue. */
export function eventDefinition(event_type: string): EventDefinition | undefined {
  return byType.get(event_type);
}
