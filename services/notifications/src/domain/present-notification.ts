import type { Notification } from '@souk/contracts';
import { type FailureCode, failureSentence } from './failures.ts';

/** A message as it is stored: `failure` is what a server or the system said. */
export type StoredNotification = Omit<Notification, 'failure_code' | 'failure_detail'> & { failure_code: FailureCode | null };

/** A message in the shape of its contract, as staff see it. */
export function presentNotification(row: StoredNotification): Notification {
  return {
    id: row.id,
    event_id: row.event_id,
    event_type: row.event_type,
    user_id: row.user_id,
    order_id: row.order_id,
    channel: row.channel,
    recipient: row.recipient,
    subject: row.subject,
    body: row.body,
    status: row.status,
    attempts: row.attempts,
    failure_code: row.failure_code ?? (row.failure === null ? null : 'temporarily_unavailable'),
    failure: failureSentence(row.failure_code, row.failure),
    failure_detail: row.failure,
    created_at: row.created_at,
    sent_at: row.sent_at,
  };
}
