/** From an event and a person to its notifications. Pure: ids and rendering come in. */
import type { AnyEvent } from '@souk/contracts';
import { isSampled, minorToDecimal, toMinor } from '@souk/kernel';
import { addressesFor, type Contact, erasedRecipient } from './contact.ts';
import type { FailureCode } from './failures.ts';
import { type LimitedAs, limitedAs } from './recipient-limits.ts';
import type { Channel } from './required-interfaces.ts';
import { moneyInWords, reasonInWords } from './templates.ts';

export interface NewNotification {
  id: string;
  event_id: string;
  event_type: string;
  user_id: string;
  order_id: string | null;
  order_number: string | null;
  channel: Channel;
  recipient: string;
  subject: string | null;
  body: string;
  token_id: string | null;
  /** Where the trace of the event is recorded: sending belongs to it. */
  traceparent: string | null;
  status: 'pending' | 'sent' | 'suppressed';
  failure_code: FailureCode | null;
  /** What it counts as for its recipient's day. */
  limited_as: LimitedAs;
}

/** A message that is to be sent, and how often that was tried. */
export interface PendingNotification extends Omit<NewNotification, 'limited_as'> {
  attempts: number;
}

/** What messages say of the shop. */
export interface ShopTexts {
  name: string;
  /** Whether there is a storefront for links to lead to. */
  has_pages: boolean;
}

export interface Composing {
  render: Render;
  shop: ShopTexts;
  newId(): string;
}

export type Render = (template: string, channel: Channel, values: Record<string, unknown>) => { subject: string | null; body: string };

/** The template of an event. */
function templateOf(event: AnyEvent): string {
  return event.event_type === 'user.message_requested' ? `user.message_requested.${event['purpose'] as string}` : event.event_type;
}

/** One message for each channel by which this person is notified of the event. */
export function compose(event: AnyEvent, contact: Contact, order_number: string | null, composing: Composing): NewNotification[] {
  const { traceparent } = event.metadata;
  const values = valuesOf(event, contact, order_number, composing.shop);
  return addressesFor(contact, event.event_type).map(({ channel, recipient }) => {
    const suppressed = recipient === erasedRecipient;
    const written = suppressed ? { subject: null, body: '' } : composing.render(templateOf(event), channel, values);
    return {
      id: composing.newId(),
      event_id: event.event_id,
      event_type: event.event_type,
      user_id: contact.user_id,
      order_id: typeof event['order_id'] === 'string' ? event['order_id'] : null,
      order_number,
      channel,
      recipient,
      ...written,
      traceparent: isSampled(traceparent) ? traceparent : null,
      token_id: typeof event['token_id'] === 'string' ? event['token_id'] : null,
      status: suppressed ? 'suppressed' : 'pending',
      failure_code: suppressed ? 'recipient_erased' : null,
      limited_as: suppressed ? null : limitedAs(event.event_type, channel, contact),
    };
  });
}

function valuesOf(event: AnyEvent, contact: Contact, order_number: string | null, shop: ShopTexts): Record<string, unknown> {
  const amount = event['total_amount'] ?? event['amount'];
  const currency = event['currency'];
  return {
    event,
    shop,
    // What anyone may have written is not sent to an address that may be a stranger's.
    greeting: contact.email_verified && contact.full_name !== null ? `Hello ${contact.full_name}` : 'Hello',
    order: order_number === null ? 'order' : `order ${order_number}`,
    reason: reasonInWords(event['reason']),
    money: moneyInWords(event['money'], event['reason']),
    amount:
      typeof amount === 'number' && typeof currency === 'string'
        ? `${minorToDecimal(toMinor(amount, currency), currency)} ${currency}`
        : undefined,
    // The secret of a link is not kept: it is put in when the message leaves.
    link: '(link)',
  };
}
