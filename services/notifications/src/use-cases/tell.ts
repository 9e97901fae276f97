/** Writes the messages that tell events to people, and hands them on for sending after the commit. */
import { type AnyEvent, type Envelope, refusal } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Failure } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { NotificationsContext } from '../context.ts';
import { compose, type NewNotification } from '../domain/compose.ts';
import type { Contact } from '../domain/contact.ts';
import { loadContacts } from '../store/contacts.ts';
import { insertNotifications } from '../store/notifications.ts';

/** Longer than a message may take to leave; after it another process may try. */
const leaseMs = 120_000;

/** `userOf` names the person an event is for; an event whose person is not known yet is tried again later. */
export async function tell<Event extends Envelope>(
  ctx: NotificationsContext,
  tx: Tx,
  events: readonly Event[],
  userOf: (event: Event) => string | undefined,
): Promise<Failure[]> {
  const contacts = await loadContacts(tx, [...new Set(events.flatMap((event) => userOf(event) ?? []))]);
  const failures: Failure[] = [];
  const rows: NewNotification[] = [];
  for (const event of events) {
    const contact = contacts.get(userOf(event) ?? '');
    if (contact && reachable(contact)) {
      const composed = compose(event as unknown as AnyEvent, contact, ctx.render, ctx.ids.uuid);
      rows.push(...composed.map((row) => (isComplete(ctx, row) ? { ...row, status: 'sent' as const } : row)));
    } else
      failures.push({
        event_id: event.event_id,
        error: refusal('contact_unknown', `Nothing is known yet of whom ${event.event_type} is for.`),
      });
  }
  if (rows.length > 0) await write(ctx, tx, rows);
  return failures;
}

/** Where messages go nowhere but into the history, one that needs nothing more to be said stands there as sent at once. */
function isComplete({ senders }: NotificationsContext, { status, channel, token_id }: NewNotification): boolean {
  return status === 'pending' && token_id === null && senders[channel].captures;
}

/** A row without an address is only the place kept for somebody whose registration is on its way. */
function reachable(contact: Contact): boolean {
  return contact.erased || contact.email !== null;
}

async function write(ctx: NotificationsContext, tx: Tx, rows: readonly NewNotification[]): Promise<void> {
  const now = ctx.clock.now();
  const fresh = await insertNotifications(tx, rows, { now: timestamp(now), lease_until: timestamp(now + leaseMs) });
  const sent = rows.filter((row) => row.status === 'sent' && fresh.has(row.id));
  if (sent.length > 0) tx.onCommit(() => tellSent(ctx, sent));
  const to_send = rows.filter((row) => row.status === 'pending' && fresh.has(row.id)).map((row) => ({ ...row, attempts: 0 }));
  if (to_send.length === 0) return;
  tx.onCommit(() => {
    ctx.postbag.put(to_send);
    ctx.wakeJob('send-messages');
  });
}

/** A recorded story shows where these were sent too, although that was only a row. */
function tellSent({ metrics, tracer }: NotificationsContext, rows: readonly NewNotification[]): void {
  metrics.count('souk_notifications_total', { outcome: 'sent' }, rows.length);
  for (const { id, event_type, channel, traceparent } of rows) {
    if (traceparent === null) continue;
    const attributes = { 'souk.notification_id': id, 'souk.event_type': event_type, 'souk.attempt': 1 };
    tracer.start(`send ${channel}`, { kind: 'client', parent: traceparent, attributes }).end();
  }
}
