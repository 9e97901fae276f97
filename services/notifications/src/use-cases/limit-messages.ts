import { timestamp } from '@souk/kernel';
import type { Tx } from '@souk/postgres';
import type { NotificationsContext } from '../context.ts';
import type { NewNotification } from '../domain/compose.ts';
import { mailboxOf } from '../domain/recipient-limits.ts';
import { countMessages, type RecipientCount } from '../store/recipient-days.ts';

const dateLength = '2026-01-01'.length;

/** The messages, those suppressed that are more than their recipients may get in a day (UTC), whatever account they are for. */
export async function limitMessages(ctx: NotificationsContext, tx: Tx, rows: readonly NewNotification[]): Promise<NewNotification[]> {
  const counts = new Map<string, RecipientCount>();
  for (const row of rows) {
    if (row.limited_as === null) continue;
    const { kind, mailbox, messages } = counts.get(keyOf(row)) ?? { kind: row.limited_as, mailbox: mailboxOf(row.recipient), messages: 0 };
    counts.set(keyOf(row), { kind, mailbox, messages: messages + 1 });
  }
  const today = timestamp(ctx.clock.now()).slice(0, dateLength);
  const sums = await countMessages(tx, today, [...counts.values()]);
  const { account_mails_per_day_max, order_messages_per_day_max } = ctx.config;
  const left = new Map<string, number>();
  for (const { kind, mailbox, messages } of sums) {
    const key = `${kind} ${mailbox}`;
    const most = kind === 'account' ? account_mails_per_day_max : order_messages_per_day_max;
    left.set(key, most - (messages - (counts.get(key)?.messages ?? 0)));
  }
  return rows.map((row) => {
    if (row.limited_as === null) return row;
    const room = left.get(keyOf(row)) ?? 0;
    left.set(keyOf(row), room - 1);
    return room > 0 ? row : { ...row, status: 'suppressed', failure_code: 'recipient_limit' };
  });
}

function keyOf({ limited_as, recipient }: NewNotification): string {
  return `${limited_as} ${mailboxOf(recipient)}`;
}
