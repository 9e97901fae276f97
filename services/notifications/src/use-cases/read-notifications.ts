import { type Notification, refusal } from '@souk/contracts';
import type { Caller } from '@souk/service-kit';
import type { NotificationsContext } from '../context.ts';
import { findNotification, history } from '../store/notifications.ts';

const historyMax = 100;

/** The newest messages: a customer's own; for staff those of one customer or of everybody. Refuses with `forbidden`. */
export async function readHistory(
  ctx: NotificationsContext,
  caller: Caller,
  choice: { user_id?: string; order_id?: string },
): Promise<{ total: number; notifications: Notification[] }> {
  if (!caller.isStaff && choice.user_id !== undefined && choice.user_id !== caller.user_id)
    throw refusal('forbidden', 'Only staff see the messages of others.');
  const user_id = caller.isStaff ? (choice.user_id ?? null) : caller.user_id;
  const { total, notifications } = await history(ctx.db, { user_id, order_id: choice.order_id ?? null, limit: historyMax });
  return { total, notifications: notifications.map((notification) => asSeenBy(caller, notification)) };
}

/** The message if it is the caller's own or the caller is staff; for everybody else it does not exist. */
export async function readNotification(ctx: NotificationsContext, caller: Caller, id: string): Promise<Notification> {
  const notification = await findNotification(ctx.db, id);
  if (!notification || (!caller.isStaff && notification.user_id !== caller.user_id))
    throw refusal('not_found', 'There is no such message.');
  return asSeenBy(caller, notification);
}

/**
 * A captured message holds the secret of its link, which opens the account to whoever has it: only its recipient sees
 * it, and administrators, who may do anything anyway. Otherwise staff could become administrators.
 */
export function asSeenBy(caller: Caller, notification: Notification): Notification {
  if (notification.user_id === caller.user_id || caller.role === 'admin') return notification;
  return { ...notification, body: notification.body.replaceAll(/(?<=[?&]token=)[^\s&]+/g, '…') };
}
