/** What is posted of an event: what has happened to which thing, and no personal data. The receiver reads the rest with its own rights. */
import { type AnyEvent, webhookEventTypes } from '@souk/contracts';

/** An event as it is posted, the same to each webhook and at each attempt. */
export interface WebhookMessage {
  event_id: string;
  event_type: string;
  /** JSON; these bytes are signed. */
  body: string;
  occurred_at: string;
}

const offered: ReadonlySet<string> = new Set(webhookEventTypes);

const members = ['order_id', 'order_number', 'payment_id', 'refund_id', 'user_id'] as const;

/** What is posted of the events; nothing of those that are not offered. */
export function webhookMessagesOf(events: readonly AnyEvent[]): WebhookMessage[] {
  return events
    .filter(({ event_type }) => offered.has(event_type))
    .map((event) => {
      const [subject = '', status = ''] = event.event_type.split('.');
      const ids = members.filter((name) => event[name] !== undefined).map((name) => [name, event[name]]);
      const version = event[`${subject}_version`];
      const data = { ...Object.fromEntries(ids), status, ...(version !== undefined && { version }) };
      return messageOf({ event_id: event.event_id, event_type: event.event_type, occurred_at: event.timestamp }, data);
    });
}

/** The message by which a receiver is tried. */
export function pingMessage(event_id: string, webhook_id: string, occurred_at: string): WebhookMessage {
  return messageOf({ event_id, event_type: 'webhook.ping', occurred_at }, { webhook_id });
}

function messageOf(named: Omit<WebhookMessage, 'body'>, data: object): WebhookMessage {
  return { ...named, body: JSON.stringify({ type: named.event_type, timestamp: named.occurred_at, data }) };
}
