import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '@souk/messaging/testing';
import { callerOf } from '@souk/service-kit';
import { notifyCustomerConsumer } from '../src/consumers/notify-customer.ts';
import { trackContactsConsumer } from '../src/consumers/track-contacts.ts';
import { sendMessages } from '../src/jobs/send-messages.ts';
import { resendNotification } from '../src/use-cases/resend-notification.ts';
import { aConfirmation, aMailServer, anErasure, aPerson, handleAll, openFixture, registered } from './_support.ts';

const never = new AbortController().signal;
const staff = callerOf('01900000-0000-7000-8000-000000000009', 'staff');
type Handler = { handle(...args: unknown[]): Promise<unknown> };

test('a message written while its person is erased does not keep the address', async () => {
  const fixture = await openFixture();
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  try {
    const person = await registered(fixture);
    const { promise: written, resolve: hasWritten } = Promise.withResolvers<void>();
    const notifying = fixture.context.db.transaction(async (tx) => {
      await (notifyCustomerConsumer as unknown as Handler).handle(fixture.context, tx, [aConfirmation(person.user_id)]);
      hasWritten();
      await held;
    });
    await written;
    let erased = false;
    const erasing = handleAll(fixture, trackContactsConsumer, [anErasure(person.user_id)]).then(() => {
      erased = true;
    });
    await until(async () => {
      const waiting = await fixture.db.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return erased || waiting.length > 0 ? undefined : 'the erasure has not come so far';
    });
    release();
    await Promise.all([notifying, erasing]);
    const rows = await fixture.db.query<{ recipient: string; body: string }>('select recipient, body from notifications');
    assert.deepEqual(
      rows.map(({ recipient, body }) => [recipient.startsWith('erased:'), body]),
      [[true, '']],
    );
  } finally {
    release();
    await fixture.close();
  }
});

test('what waits to be sent when its person is erased is not sent, and what was sent names nobody whatever the address was', async () => {
  const mail = aMailServer();
  const fixture = await openFixture({ email: mail.sender });
  try {
    const person = await registered(fixture, { ...aPerson(), email: 'erased.carla@mail.example' });
    await handleAll(fixture, notifyCustomerConsumer, [aConfirmation(person.user_id)]);
    await sendMessages.run(fixture.context, never);
    assert.equal(mail.got.length, 1);
    await handleAll(fixture, notifyCustomerConsumer, [aConfirmation(person.user_id)]);
    await handleAll(fixture, trackContactsConsumer, [anErasure(person.user_id)]);
    await sendMessages.run(fixture.context, never);
    assert.equal(mail.got.length, 1, 'the second was still in the memory of this process');
    const rows = await fixture.db.query<{
      id: string;
      status: string;
      recipient: string;
      text: string | null;
      failure_code: string | null;
    }>('select id, status, recipient, subject || body as text, failure_code from notifications order by created_at');
    assert.deepEqual(
      rows.map(({ status, text, failure_code }) => [status, text, failure_code]),
      [
        ['sent', null, null],
        ['suppressed', null, 'recipient_erased'],
      ],
    );
    for (const { id, recipient } of rows) {
      assert.equal(recipient, `erased:${id}`);
      await assert.rejects(resendNotification(fixture.context, staff, id), { code: 'notification_suppressed' });
    }
  } finally {
    await fixture.close();
  }
});
