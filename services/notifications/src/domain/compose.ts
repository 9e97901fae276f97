/** From an event and a person to its notifications. Pure: ids and rendering come in. */
import type { AnyEvent } from '@souk/contracts';
import { isSampled } from '@souk/kernel';
import { addressesFor, type Contact, erasedRecipient } from './contact.ts';
import type { FailureCode } from './failures.ts';
import { amountInWords, type Locale, localeOf, moneyInWords, words } from './locale.ts';
import { type OrderContent, withOrder } from './order-content.ts';
import { type LimitedAs, limitedAs } from './recipient-limits.ts';
import type { Channel } from './required-interfaces.ts';

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
  /** Null where mail goes nowhere, and of short messages. */
  html: string | null;
  locale: Locale;
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
  locale: Locale;
  /** Whether there is a storefront for links to lead to. */
  has_pages: boolean;
}

export interface Composing {
  render: Render;
  shop: ShopTexts;
  /** Mail leaves the house: it gets an HTML part, and what its order holds when it is sent. */
  sends_mail: boolean;
  newId(): string;
}

export type Render = (
  template: string,
  channel: Channel,
  locale: Locale,
  values: Record<string, unknown>,
  with_html: boolean,
) => { subject: string | null; body: string; html: string | null };
export type RenderOrder = (locale: Locale, order: OrderContent) => { text: string; html: string };

/** The template of an event. */
function templateOf(event: AnyEvent): string {
  return event.event_type === 'user.message_requested' ? `user.message_requested.${event['purpose'] as string}` : event.event_type;
}

/** What a message calls its order, and the language of what was written about it before. */
export interface OrderWords {
  order_number: string | null;
  locale?: string | null;
}

/** One message for each channel by which this person is notified of the event. */
export function compose(event: AnyEvent, contact: Contact, about: OrderWords, composing: Composing): NewNotification[] {
  const { order_number } = about;
  const { traceparent } = event.metadata;
  const locale = localeOf(event['locale']) ?? localeOf(about.locale) ?? composing.shop.locale;
  const values = valuesOf(event, contact, order_number, composing.shop, locale);
  return addressesFor(contact, event.event_type).map(({ channel, recipient }) => {
    const suppressed = recipient === erasedRecipient;
    const written = suppressed ? nothingWritten : write(composing, templateOf(event), channel, locale, values);
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
      locale,
      traceparent: isSampled(traceparent) ? traceparent : null,
      token_id: typeof event['token_id'] === 'string' ? event['token_id'] : null,
      status: suppressed ? 'suppressed' : 'pending',
      failure_code: suppressed ? 'recipient_erased' : null,
      limited_as: suppressed ? null : limitedAs(event.event_type, channel, contact),
    };
  });
}

const nothingWritten = { subject: null, body: '', html: null };

function write({ render, sends_mail }: Composing, template: string, channel: Channel, locale: Locale, values: Record<string, unknown>) {
  const written = render(template, channel, locale, values, sends_mail);
  return sends_mail ? written : { ...written, ...withOrder(written, undefined) };
}

/** A channel on which an event has been written for: `event_id channel`. An address that changed since makes no second message. */
export function writtenKey({ event_id, channel }: { event_id: string; channel: string }): string {
  return `${event_id} ${channel}`;
}

/** Those of the messages that have not been written before. */
export function unwritten<Message extends { event_id: string; channel: string }>(
  messages: readonly Message[],
  written: ReadonlySet<string>,
): Message[] {
  return messages.filter((message) => !written.has(writtenKey(message)));
}

function valuesOf(
  event: AnyEvent,
  contact: Contact,
  order_number: string | null,
  shop: ShopTexts,
  locale: Locale,
): Record<string, unknown> {
  const { hello, order, reasons } = words[locale];
  const amount = event['total_amount'] ?? event['amount'];
  const currency = event['currency'];
  return {
    event,
    shop,
    // What anyone may have written is not sent to an address that may be a stranger's.
    greeting: contact.email_verified && contact.full_name !== null ? `${hello} ${contact.full_name}` : hello,
    order: order_number === null ? order : `${order} ${order_number}`,
    reason: reasons[String(event['reason'])],
    money: moneyInWords(locale, event['money'], event['reason']),
    amount: typeof amount === 'number' && typeof currency === 'string' ? amountInWords(locale, amount, currency) : undefined,
    // The secret of a link is not kept: it is put in when the message leaves.
    link: '(link)',
  };
}
