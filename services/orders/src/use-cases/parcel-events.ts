/** What is published of parcels: when they are sent, and once more from state. */
import { orderParcelSent, orderShipped } from '@souk/contracts';
import { derivedUuidBeside } from '@souk/kernel';
import { type Cause, draft, type EventDraft } from '@souk/messaging';
import { parcelMembers } from '../domain/checkout-saga.ts';
import { type ParcelRecord, piecesOf } from '../domain/parcel.ts';
import { orderEventId } from './order-event-id.ts';

interface SentOrder {
  id: string;
  order_number: string;
  user_id: string;
  locale: string | null;
  version: number;
}

/** A further parcel; its event has the same id whenever it is published. */
export function parcelSentDraft(order: SentOrder, parcel: ParcelRecord, unsent_pieces: number, cause: Cause): EventDraft {
  const payload = { ...namesOf(order), number: parcel.number, ...membersOf(parcel, unsent_pieces) };
  return draft(orderParcelSent, payload, cause, derivedUuidBeside(parcel.id, orderParcelSent.event_type));
}

/** Everything that was sent of an order: the first parcel shipped it. */
export function sentDrafts(
  order: SentOrder & { unsent_pieces: number | null },
  parcels: readonly ParcelRecord[],
  cause: Cause,
): EventDraft[] {
  return parcels.map((parcel, place) => {
    const later = parcels.slice(place + 1).flatMap(({ items }) => items);
    const unsent_pieces = (order.unsent_pieces ?? 0) + piecesOf(later);
    if (place > 0) return parcelSentDraft(order, parcel, unsent_pieces, cause);
    return draft(orderShipped, { ...namesOf(order), ...membersOf(parcel, unsent_pieces) }, cause, orderEventId(orderShipped, order.id));
  });
}

function membersOf({ id: parcel_id, ...parcel }: ParcelRecord, unsent_pieces: number) {
  return parcelMembers({ ...parcel, parcel_id, unsent_pieces });
}

function namesOf({ id, order_number, version, user_id, locale }: SentOrder) {
  return { order_id: id, order_number, order_version: version, user_id, ...(locale !== null && { locale }) };
}
