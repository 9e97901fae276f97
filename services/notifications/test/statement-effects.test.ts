/** The function by which the checkout is explored keeps the rows that the statement keeps: all cases, on PostgreSQL. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { systemIds } from '@souk/kernel';
import type { NewNotification } from '../src/domain/compose.ts';
import { insertedMessages } from '../src/domain/statement-effects.ts';
import { insertNotifications } from '../src/store/notifications.ts';
import { openFixture } from './_support.ts';

const fixture = await openFixture();
after(() => fixture.close());

const at = '2026-01-01T00:00:00.000Z';

function aRow(event_id: string, channel: 'email' | 'sms', recipient: string): NewNotification {
  const order = { user_id: event_id, order_id: event_id, order_number: null };
  const text = {
    subject: null,
    body: 'Hello',
    html: null,
    locale: 'en' as const,
    token_id: null,
    traceparent: null,
    failure_code: null,
    limited_as: null,
  };
  return { id: systemIds.uuid(), event_id, event_type: 'order.shipped', channel, recipient, status: 'sent', ...order, ...text };
}

test('messages beside one that is there: with its event, channel and recipient, or without one of them', async () => {
  const channels = ['email', 'sms'] as const;
  const recipients = ['carla@mail.example', '+41790000000'];
  for (const channel of channels)
    for (const recipient of recipients) {
      const [event_id, other_id] = [systemIds.uuid(), systemIds.uuid()];
      const existing = [aRow(event_id, channel, recipient)];
      const rows = [event_id, other_id].flatMap((id) => channels.flatMap((one) => recipients.map((to) => aRow(id, one, to))));
      const twice = [...rows, ...rows.map((row) => ({ ...row, id: systemIds.uuid() }))];
      const inserted = await fixture.db.transaction(async (tx) => {
        await insertNotifications(tx, existing, { now: at, lease_until: at });
        return insertNotifications(tx, twice, { now: at, lease_until: at });
      });
      assert.deepEqual(
        [...inserted].sort(),
        insertedMessages(existing, twice)
          .map(({ id }) => id)
          .sort(),
      );
    }
});
