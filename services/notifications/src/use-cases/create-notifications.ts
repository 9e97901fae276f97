/** Writes the notifications of events, and hands them on for sending after the commit. */
import { type AnyEvent, type Envelope, refusal } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Failure } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { NotificationsContext } from '../context.ts';
import { compose, type NewNotification, unwritten } from '../domain/compose.ts';
import type { Contact } from '../domain/contact.ts';
import { linksToOrder } from '../domain/templates.ts';
import { holdContacts } from '../store/contacts.ts';
import { insertNotifications, type OrderNaming, writtenBefore } from '../store/notifications.ts';
import { limitMessages } from './limit-messages.ts';
import { writeDeliveries } from './write-deliveries.ts';

/** Longer than a message may take to leave; after it another process may try. */
const leaseMs = 120_000;

/** `namingOf` says for whom an event is; one whose person is not known yet is tried again later. */
export async function createNotifications<Event extends Envelope>(
  ctx: NotificationsContext,
  tx: Tx,
  events: readonly Event[],
  namingOf: (event: Event) => OrderNaming | undefined,
): Promise<Failure[]> {
  const { contacts, has_webhooks } = await holdContacts(tx, [...new Set(events.flatMap((event) => namingOf(event)?.user_id ?? []))]);
  const failures: Failure[] = [];
  const composed: NewNotification[] = [];
  for (const event of events) {
    const naming = namingOf(event);
    const contact = naming && contacts.get(naming.user_id);
    if (contact && reachable(contact)) composed.push(...compose(event as unknown as AnyEvent, contact, naming, ctx.composing));
    else
      failures.push({
        event_id: event.event_id,
        error: refusal('contact_unknown', `Nothing is known yet of whom ${event.event_type} is for.`),
      });
  }
  if (composed.length > 0) await write(ctx, tx, await fresh(ctx, tx, composed));
  if (has_webhooks) await writeDeliveries(ctx, tx, events as unknown as readonly AnyEvent[]);
  return failures;
}

/** What has not been written before, within what its recipients may get in a day. */
async function fresh(ctx: NotificationsContext, tx: Tx, composed: readonly NewNotification[]): Promise<NewNotification[]> {
  const written = await writtenBefore(
    tx,
    composed.map(({ event_id }) => event_id),
  );
  return (await limitMessages(ctx, tx, unwritten(composed, written))).map((row) =>
    isComplete(ctx, row) ? { ...row, status: 'sent' as const } : row,
  );
}

/** Where messages go nowhere but into the history, one that needs nothing more to be said stands there as sent at once. */
function isComplete({ senders, composing }: NotificationsContext, { status, channel, token_id, event_type }: NewNotification): boolean {
  const hasLink = token_id !== null || (channel === 'email' && linksToOrder(event_type, composing.shop.has_pages));
  return status === 'pending' && !hasLink && senders[channel].captures;
}

/** A row without an address is only a placeholder until the registration arrives. */
function reachable(contact: Contact): boolean {
  return contact.erased || contact.email !== null;
}

async function write(ctx: NotificationsContext, tx: Tx, rows: readonly NewNotification[]): Promise<void> {
  if (rows.length === 0) return;
  const now = ctx.clock.now();
  const inserted = await insertNotifications(tx, rows, { now: timestamp(now), lease_until: timestamp(now + leaseMs) });
  const suppressed = rows.filter((row) => row.status === 'suppressed' && inserted.has(row.id)).length;
  if (suppressed > 0) tx.onCommit(() => ctx.metrics.count('souk_notifications_total', { outcome: 'suppressed' }, suppressed));
  const sent = rows.filter((row) => row.status === 'sent' && inserted.has(row.id));
  if (sent.length > 0) tx.onCommit(() => reportSent(ctx, sent));
  const to_send = rows.filter((row) => row.status === 'pending' && inserted.has(row.id)).map((row) => ({ ...row, attempts: 0 }));
  if (to_send.length === 0) return;
  tx.onCommit(() => {
    ctx.sendQueue.put(to_send);
    ctx.wakeJob('send-messages');
  });
}

/** A recorded trace shows the sending of these too, although that was only a row. */
function reportSent({ metrics, tracer }: NotificationsContext, rows: readonly NewNotification[]): void {
  metrics.count('souk_notifications_total', { outcome: 'sent' }, rows.length);
  for (const { id, event_type, channel, traceparent } of rows) {
    if (traceparent === null) continue;
    const attributes = { 'souk.notification_id': id, 'souk.event_type': event_type, 'souk.attempt': 1 };
    tracer.start(`send ${channel}`, { kind: 'client', parent: traceparent, attributes }).end();
  }
}
