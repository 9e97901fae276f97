import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog, silentMetrics, systemClock, systemIds } from '@souk/kernel';
import { asDelivery, createBatchHandler, until } from '@souk/messaging/testing';
import { notifyCustomerConsumer } from '../src/consumers/notify-customer.ts';
import { sendMessages } from '../src/jobs/send-messages.ts';
import { aConfirmation, aMailServer, openFixture, registered } from './_support.ts';

const never = new AbortController().signal;

async function withMail(
  work: (parts: {
    fixture: Awaited<ReturnType<typeof openFixture>>;
    mail: ReturnType<typeof aMailServer>;
    notify(): Promise<void>;
    rows(): Promise<{ status: string; attempts: number; failure: string | null }[]>;
  }) => Promise<void>,
) {
  const mail = aMailServer();
  const fixture = await openFixture({ email: mail.sender });
  const handler = createBatchHandler(notifyCustomerConsumer as never, fixture.context, {
    service: 'notifications',
    db: fixture.db,
    broker: undefined as never,
    clock: systemClock,
    log: silentLog,
    metrics: silentMetrics,
  });
  const person = await registered(fixture);
  try {
    await work({
      fixture,
      mail,
      notify: async () => void (await handler([asDelivery(aConfirmation(person.user_id, systemIds.uuid()))])),
      rows: () => fixture.db.query('select status, attempts, failure from notifications order by id'),
    });
  } finally {
    await fixture.close();
  }
}

test('a message is sent once with a stable id and stands in the history as sent', () =>
  withMail(async ({ fixture, mail, notify, rows }) => {
    await notify();
    assert.equal(await sendMessages.run(fixture.context, never), true);
    assert.equal(await sendMessages.run(fixture.context, never), false);
    assert.equal(mail.got.length, 1);
    assert.match(mail.got[0]?.body ?? '', /€129\.90/);
    assert.deepEqual(await rows(), [{ status: 'sent', attempts: 1, failure: null }]);
  }));

test('a mail server that is away for a while delays a message and does not lose it', () =>
  withMail(async ({ fixture, mail, notify, rows }) => {
    mail.state.refuse = 'for_now';
    await notify();
    await sendMessages.run(fixture.context, never);
    assert.deepEqual(
      (await rows()).map((row) => row.status),
      ['pending'],
    );
    mail.state.refuse = 'nothing';
    await until(async () => {
      await sendMessages.run(fixture.context, never);
      return mail.got.length === 1 ? undefined : 'not sent';
    });
    assert.deepEqual(
      (await rows()).map((row) => row.status),
      ['sent'],
    );
  }));

test('a refusal for ever fails at once, and the history says why', () =>
  withMail(async ({ fixture, mail, notify, rows }) => {
    mail.state.refuse = 'for_ever';
    await notify();
    await sendMessages.run(fixture.context, never);
    assert.deepEqual(await rows(), [{ status: 'failed', attempts: 1, failure: 'The mail server answered 550.' }]);
  }));

test('what a dead process was sending is sent by another when the lease is over', () =>
  withMail(async ({ fixture, mail, notify }) => {
    await notify();
    fixture.context.sendQueue.take(100);
    assert.equal(await sendMessages.run(fixture.context, never), false);
    await fixture.db.query(`update notifications set next_attempt_at = now() - interval '1 second'`);
    assert.equal(await sendMessages.run(fixture.context, never), true);
    assert.equal(mail.got.length, 1);
  }));
