/** From an event and a person to the messages that tell it. Pure: ids and rendering come in. */
import type { AnyEvent } from '@souk/contracts';
import { isSampled, minorToDecimal, toMinor } from '@souk/kernel';
import { addressesFor, type Contact, erasedRecipient } from './contact.ts';
import type { Channel } from './ports.ts';
import { reasonInWords } from './templates.ts';

export interface NewNotification {
  id: string;
  event_id: string;
  event_type: string;
  user_id: string;
  order_id: string | null;
  channel: Channel;
  recipient: string;
  subject: string | null;
  body: string;
  token_id: string | null;
  /** Where the trace of the event is recorded: sending belongs to it. */
  traceparent: string | null;
  status: 'pending' | 'sent' | 'suppressed';
}

export type Render = (template: string, channel: Channel, values: Record<string, unknown>) => { subject: string | null; body: string };

/** Which template tells an event. */
function templateOf(event: AnyEvent): string {
  return event.event_type === 'user.message_requested' ? `user.message_requested.${event['purpose'] as string}` : event.event_type;
}

/** One message for each channel by which this person hears of the event. */
export function compose(event: AnyEvent, contact: Contact, render: Render, newId: () => string): NewNotification[] {
  const { traceparent } = event.metadata;
  return addressesFor(contact, event.event_type).map(({ channel, recipient }) => {
    const suppressed = recipient === erasedRecipient;
    const written = suppressed ? { subject: null, body: '' } : render(templateOf(event), channel, valuesOf(event, contact));
    return {
      id: newId(),
      event_id: event.event_id,
      event_type: event.event_type,
      user_id: contact.user_id,
      order_id: typeof event['order_id'] === 'string' ? event['order_id'] : null,
      channel,
      recipient,
      ...written,
      traceparent: isSampled(traceparent) ? traceparent : null,
      token_id: typeof event['token_id'] === 'string' ? event['token_id'] : null,
      status: suppressed ? 'suppressed' : 'pending',
    };
  });
}

function valuesOf(event: AnyEvent, contact: Contact): Record<string, unknown> {
  const amount = event['total_amount'] ?? event['amount'];
  const currency = event['currency'];
  return {
    event,
    person: { full_name: contact.full_name },
    reason: reasonInWords(event['reason']),
    amount:
      typeof amount === 'number' && typeof currency === 'string'
        ? `${minorToDecimal(toMinor(amount, currency), currency)} ${currency}`
        : undefined,
    // The secret of a link is not kept: it is put in when the message leaves.
    link: '(link)',
  };
}
