/** What one order is explained from: the messages about it, without their texts and addresses. */
import type { Queryable } from '@souk/postgres';

export interface RecordedMessageRow {
  id: string;
  event_id: string;
  event_type: string;
  channel: string;
  status: 'pending' | 'sent' | 'failed' | 'suppressed';
  attempts: number;
  failure_code: string | null;
  created_at: string;
  sent_at: string | null;
}

const messagesMax = 1_000;

export function messagesOfOrder(db: Queryable, order_id: string): Promise<RecordedMessageRow[]> {
  return db.query<RecordedMessageRow>(
    `select id, event_id, event_type, channel, status, attempts, failure_code, created_at, sent_at
     from notifications where order_id = $1 order by id limit ${messagesMax}`,
    [order_id],
  );
}
