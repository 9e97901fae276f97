/** The catalogue: every event there is. */

import type { EventDefinition, EventOf } from '../define-event.ts';
import { inventoryRejected } from './inventory-rejected.ts';
import { inventoryReleased } from './inventory-released.ts';
import { inventoryReserved } from './inventory-reserved.ts';
import { inventoryStockRefused } from './inventory-stock-refused.ts';
import { inventoryUpdated } from './inventory-updated.ts';
import { orderCancelled } from './order-cancelled.ts';
import { orderCompleted } from './order-completed.ts';
import { orderConfirmed } from './order-confirmed.ts';
import { orderCreated } from './order-created.ts';
import { orderLinkRequested } from './order-link-requested.ts';
import { orderParcelSent } from './order-parcel-sent.ts';
import { orderShipped } from './order-shipped.ts';
import { paymentActionRequired } from './payment-action-required.ts';
import { paymentDisputed } from './payment-disputed.ts';
import { paymentProcessed } from './payment-processed.ts';
import { paymentRefundFailed } from './payment-refund-failed.ts';
import { paymentRefundRefused } from './payment-refund-refused.ts';
import { paymentRefunded } from './payment-refunded.ts';
import { paymentRequested } from './payment-requested.ts';
import { productArchived } from './product-archived.ts';
import { productCreated } from './product-created.ts';
import { productStockStated } from './product-stock-stated.ts';
import { productUpdated } from './product-updated.ts';
import { refundRequested } from './refund-requested.ts';
import { returnReceived } from './return-received.ts';
import { returnUpdated } from './return-updated.ts';
import { userDeleted } from './user-deleted.ts';
import { userGuestLinked } from './user-guest-linked.ts';
import { userMessageRequested } from './user-message-requested.ts';
import { userRegistered } from './user-registered.ts';
import { userUpdated } from './user-updated.ts';

export {
  inventoryRejected,
  inventoryReleased,
  inventoryReserved,
  inventoryStockRefused,
  inventoryUpdated,
  orderCancelled,
  orderCompleted,
  orderConfirmed,
  orderCreated,
  orderLinkRequested,
  orderParcelSent,
  orderShipped,
  paymentActionRequired,
  paymentDisputed,
  paymentProcessed,
  paymentRefunded,
  paymentRefundFailed,
  paymentRefundRefused,
  paymentRequested,
  productArchived,
  productCreated,
  productStockStated,
  productUpdated,
  refundRequested,
  returnReceived,
  returnUpdated,
  userDeleted,
  userGuestLinked,
  userMessageRequested,
  userRegistered,
  userUpdated,
};

export const events = [
  userRegistered,
  userUpdated,
  userDeleted,
  userMessageRequested,
  userGuestLinked,
  productCreated,
  productUpdated,
  productArchived,
  productStockStated,
  orderCreated,
  orderConfirmed,
  orderCancelled,
  orderShipped,
  orderParcelSent,
  orderCompleted,
  orderLinkRequested,
  refundRequested,
  returnReceived,
  returnUpdated,
  inventoryReserved,
  inventoryRejected,
  inventoryReleased,
  inventoryUpdated,
  inventoryStockRefused,
  paymentRequested,
  paymentActionRequired,
  paymentProcessed,
  paymentRefunded,
  paymentRefundRefused,
  paymentRefundFailed,
  paymentDisputed,
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
