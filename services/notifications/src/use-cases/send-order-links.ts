import type { EventOf, orderLinkRequested } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Failure } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { NotificationsContext } from '../context.ts';
import type { Contact } from '../domain/contact.ts';
import { holdContacts } from '../store/contacts.ts';
import { writtenBefore } from '../store/notifications.ts';
import { countLinks } from '../store/order-link-counts.ts';
import { createNotifications } from './create-notifications.ts';

type LinkRequest = EventOf<typeof orderLinkRequested>;

const hourMs = 3_600_000;
/** Most links to one order within an hour. */
const linksMax = 3;

/**
 * Mails links to orders to their customers: where the address that was named is theirs, and always to the one that is kept. A wrong
 * address leaves no trace and uses nothing up, so that who guesses keeps no customer from a link.
 */
export async function sendOrderLinks(ctx: NotificationsContext, tx: Tx, events: readonly LinkRequest[]): Promise<Failure[]> {
  const { contacts } = await holdContacts(tx, [...new Set(events.map(({ user_id }) => user_id))]);
  const wanted = events.filter((event) => isFor(ctx, event, contacts.get(event.user_id)));
  const written = await writtenBefore(
    tx,
    wanted.map(({ event_id }) => event_id),
  );
  const isNew = ({ event_id }: LinkRequest): boolean => !written.has(`${event_id} email`);
  const allowed = await withinLimit(ctx, tx, wanted.filter(isNew));
  return createNotifications(ctx, tx, allowed, ({ user_id, order_number }) => ({ user_id, order_number }));
}

/** A person who is not known yet is looked for again later; one who was erased gets nothing. */
function isFor(ctx: NotificationsContext, { email_digest }: LinkRequest, contact: Contact | undefined): boolean {
  if (contact === undefined) return true;
  if (contact.erased) return false;
  return contact.email === null || ctx.order_links.addressDigest(contact.email) === email_digest;
}

async function withinLimit(ctx: NotificationsContext, tx: Tx, events: readonly LinkRequest[]): Promise<LinkRequest[]> {
  if (events.length === 0) return [];
  const now_ms = ctx.clock.now();
  const asked = [...Map.groupBy(events, ({ order_id }) => order_id)].map(([order_id, of_order]) => ({ order_id, links: of_order.length }));
  const sums = await countLinks(tx, asked, { now: timestamp(now_ms), ends_at: timestamp(now_ms + hourMs) });
  const before = new Map(asked.map(({ order_id, links }) => [order_id, links]));
  const left = new Map(sums.map(({ order_id, links }) => [order_id, linksMax - (links - (before.get(order_id) ?? 0))]));
  return events.filter(({ order_id }) => {
    const room = left.get(order_id) ?? 0;
    left.set(order_id, room - 1);
    return room > 0;
  });
}
