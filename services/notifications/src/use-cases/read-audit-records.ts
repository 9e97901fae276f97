/** What the auditor is shown of messages, in order of their keys. */
import { timestamp } from '@souk/kernel';
import { idKey, type RecordsPage, recordLine, recordsPage } from '@souk/service-kit';
import type { NotificationsContext } from '../context.ts';
import { dueDeliveries, messagePageEnd, notificationRecords, orderMessages } from '../store/audit-records.ts';

/** Messages about no order. */
export async function readNotificationRecords(
  { db }: NotificationsContext,
  after: string | undefined,
  limit: number,
): Promise<RecordsPage> {
  return recordsPage(await notificationRecords(db, after, limit), limit);
}

/** Webhooks with something that is due. */
export async function readDeliveryRecords(
  { db, clock }: NotificationsContext,
  after: string | undefined,
  limit: number,
): Promise<RecordsPage> {
  return recordsPage(await dueDeliveries(db, timestamp(clock.now()), idKey(after), limit), limit);
}

/** Messages about orders. */
export async function readOrderMessages({ db }: NotificationsContext, after: string | undefined, limit: number): Promise<RecordsPage> {
  const next = await messagePageEnd(db, idKey(after), limit);
  const rows = await orderMessages(db, after, next);
  return { lines: rows.map(({ key, messages }) => recordLine({ key, order_id: key }, { messages })), next };
}
