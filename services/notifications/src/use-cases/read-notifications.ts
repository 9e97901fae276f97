import { messagesOfOrderMax, type Notification, refusal } from '@souk/contracts';
import type { Caller } from '@souk/service-kit';
import type { NotificationsContext } from '../context.ts';
import { presentNotification } from '../domain/present-notification.ts';
import { guestsOf } from '../store/linked-guests.ts';
import { findNotification, historiesOfOrders, history } from '../store/notifications.ts';

const historyMax = 100;

/** The people whose messages the caller sees: the own account and the guests it has linked; null for staff, who see all. */
async function ownersFor({ db }: Pick<NotificationsContext, 'db'>, caller: Caller): Promise<string[] | null> {
  return caller.isStaff ? null : [caller.user_id, ...(await guestsOf(db, caller.user_id))];
}

/** The newest messages: a customer's own; for staff those of one customer or of everybody. Refuses with `forbidden`. */
export async function readHistory(
  ctx: NotificationsContext,
  caller: Caller,
  choice: { user_id?: string; order_id?: string },
): Promise<{ total: number; notifications: Notification[] }> {
  if (!caller.isStaff && choice.user_id !== undefined && choice.user_id !== caller.user_id)
    throw refusal('forbidden', 'Only staff see the messages of others.');
  const user_ids = caller.isStaff && choice.user_id !== undefined ? [choice.user_id] : await ownersFor(ctx, caller);
  const { total, notifications } = await history(ctx.db, { user_ids, order_id: choice.order_id ?? null, limit: historyMax });
  return { total, notifications: notifications.map((row) => asSeenBy(caller, presentNotification(row))) };
}

/** The last messages about each of these orders; a customer's own. */
export async function readHistoriesOfOrders(
  ctx: NotificationsContext,
  caller: Caller,
  order_ids: readonly string[],
): Promise<{ total: number; notifications: Notification[] }> {
  const user_ids = await ownersFor(ctx, caller);
  const { total, notifications } = await historiesOfOrders(ctx.db, { user_ids, order_ids, limit_each: messagesOfOrderMax });
  return { total, notifications: notifications.map((row) => asSeenBy(caller, presentNotification(row))) };
}

/** The message if it is the caller's own or the caller is staff; for everybody else it does not exist. */
export async function readNotification(ctx: NotificationsContext, caller: Caller, id: string): Promise<Notification> {
  const row = await findNotification(ctx.db, id);
  const isSeen = row !== undefined && (row.user_id === caller.user_id || ((await ownersFor(ctx, caller))?.includes(row.user_id) ?? true));
  if (!isSeen) throw refusal('not_found', 'There is no such message.');
  return asSeenBy(caller, presentNotification(row));
}

/** The secret of a link, and one that stands alone on its line. */
const secrets = /(?<=[?&]token=)[^\s&]+|^[A-Za-z0-9_.-]{20,300}$/gm;

/**
 * What a mail server or another service answered is shown to staff only: it describes the inside of the system. A captured message holds the secret of its link, which opens the account to its holder: only its recipient sees
 * it, and administrators, who may do anything anyway. Otherwise staff could become administrators. Who has linked a guest sees no secret of that guest either.
 */
export function asSeenBy(caller: Caller, notification: Notification): Notification {
  const seen = caller.isStaff ? notification : { ...notification, failure_detail: null };
  if (seen.user_id === caller.user_id || caller.role === 'admin') return seen;
  return { ...seen, body: seen.body.replaceAll(secrets, '…') };
}
