/** The notifications service: what has been written to the customer of one order. */
import { writtenKey } from '@souk/notifications/domain/compose';
import type { Decisions } from '../decisions.ts';
import { type EventName, eventTypeOf } from './messages.ts';
import { attempt, type Outcome } from './participant.ts';

export interface MessageRow {
  event_id: string;
  channel: string;
  recipient: string;
}

const otherAddress = 'carla@other.example';

/** By e-mail and, of a shipment, by SMS. */
const customer = {
  user_id: '01900000-0000-7000-8000-000000000002',
  email: 'carla@mail.example',
  email_verified: true,
  full_name: 'Carla Customer',
  phone: '+41790000000',
  erased: false,
};

export interface News {
  rows: readonly MessageRow[];
  /** Whether the customer has another address by now. */
  moved: boolean;
}

export const noNews: News = { rows: [], moved: false };

/** As notify-owners.ts and create-notifications.ts. A refund names no customer: it waits for another message about the order. */
export function receiveNews({ notifications }: Decisions, news: News, event: EventName): Outcome<News>[] {
  const says = `notifications receives ${event}`;
  return attempt(says, news, () => {
    const event_type = eventTypeOf(event);
    if (event_type === 'payment.refunded' && news.rows.length === 0)
      return [{ says: `${says}; whose order it is is not known yet`, state: news, publishes: [], fails: 'passing', fair: true }];
    const contact = news.moved ? { ...customer, email: otherAddress } : customer;
    const composed = notifications.addressesFor(contact, event_type).map((address) => ({ event_id: event as string, ...address }));
    const added = notifications.insertedMessages(news.rows, notifications.unwritten(composed, new Set(news.rows.map(writtenKey))));
    const rows = [...news.rows, ...added].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
    const writes = added.length === 0 ? 'nothing more' : 'to the customer';
    return [{ says: `${says} and writes ${writes}`, state: { ...news, rows }, publishes: [], fair: true }];
  });
}

/** The customer may have another address at any moment, once. */
export function newsSteps(news: News): Outcome<News>[] {
  return news.moved ? [] : [{ says: 'the customer changes the address', state: { ...news, moved: true }, publishes: [], fair: false }];
}

function keyOf({ event_id, channel, recipient }: MessageRow): string {
  return `${event_id} ${channel} ${recipient}`;
}
