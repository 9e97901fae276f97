import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callerOf } from '@souk/service-kit';
import { createSmtpSender } from '../src/clients/smtp-sender.ts';
import { notifyCustomerConsumer } from '../src/consumers/notify-customer.ts';
import { sendMessages } from '../src/jobs/send-messages.ts';
import { readHistory } from '../src/use-cases/read-notifications.ts';
import { aConfirmation, aPerson, handleAll, openFixture, registered } from './_support.ts';

const never = new AbortController().signal;
// Nobody listens at this address: the mail server is away.
const senderToNowhere = () =>
  createSmtpSender({ url: 'smtp://127.0.0.1:9', from: 'shop@souk.example', shop_name: 'Souk', timeout_ms: 2_000, connections_max: 1 });

test('a customer reads why a message has not left, staff also what was answered', async () => {
  const fixture = await openFixture({ email: senderToNowhere() });
  try {
    const person = await registered(fixture);
    await handleAll(fixture, notifyCustomerConsumer, [aConfirmation(person.user_id)]);
    await sendMessages.run(fixture.context, never);
    const read = async (caller: Parameters<typeof readHistory>[1]) => (await readHistory(fixture.context, caller, {})).notifications[0];
    const own = await read(callerOf(person.user_id, 'customer'));
    assert.deepEqual(
      [own?.status, own?.failure_code, own?.failure, own?.failure_detail],
      ['pending', 'temporarily_unavailable', 'It could not be sent at that time.', null],
    );
    assert.doesNotMatch(JSON.stringify(own), /ECONN|127\.0\.0\.1/);
    assert.match((await read(callerOf('01900000-0000-7000-8000-000000000009', 'staff')))?.failure_detail ?? '', /ECONNREFUSED/);
    // A row from before there were codes.
    await fixture.db.query(`update notifications set failure_code = null`);
    assert.doesNotMatch(JSON.stringify(await read(callerOf(person.user_id, 'customer'))), /ECONN|127\.0\.0\.1/);
  } finally {
    await fixture.close();
  }
});

test('a recipient that a mail library could read as several is refused before anybody is asked', async () => {
  const fixture = await openFixture({ email: senderToNowhere() });
  try {
    const person = await registered(fixture, { ...aPerson(), email: 'x,victim@bank.example' });
    await handleAll(fixture, notifyCustomerConsumer, [aConfirmation(person.user_id)]);
    await sendMessages.run(fixture.context, never);
    assert.deepEqual(await fixture.db.query('select status, failure_code, attempts from notifications'), [
      { status: 'failed', failure_code: 'address_refused', attempts: 1 },
    ]);
  } finally {
    await fixture.close();
  }
});
