import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { manualClock, systemIds } from '@souk/kernel';
import { anEnvelope, type ConsumerFixture } from '@souk/messaging/testing';
import { notifyCustomerConsumer } from '../src/consumers/notify-customer.ts';
import { sendAccountMailConsumer } from '../src/consumers/send-account-mail.ts';
import { trackContactsConsumer } from '../src/consumers/track-contacts.ts';
import type { NotificationsContext } from '../src/context.ts';
import { forgetMessages } from '../src/jobs/forget-messages.ts';
import { aConfirmation, aPerson, aRegistration, aShipment, handleAll, openFixture, registered } from './_support.ts';

type Fixture = ConsumerFixture<NotificationsContext>;
const aRequest = (user_id: string) =>
  anEnvelope('user.message_requested', { user_id, purpose: 'verify_email', token_id: systemIds.uuid() });
const outcomes = async ({ db }: Fixture): Promise<Record<string, number>> => {
  const rows = await db.query<{ what: string; count: number }>(
    `select status || coalesce(' ' || failure_code, '') what, count(*)::int count from notifications group by 1`,
  );
  return Object.fromEntries(rows.map(({ what, count }) => [what, count]));
};
const confirmedBy = ({ db }: Fixture, user_id: string) =>
  db.query('update contacts set email_verified = true where user_id = $1', [user_id]);

async function withFixture(work: (fixture: Fixture) => Promise<void>, options: Parameters<typeof openFixture>[0] = {}): Promise<void> {
  const fixture = await openFixture(options);
  try {
    await work(fixture);
  } finally {
    await fixture.close();
  }
}

describe('a recipient gets a few messages a day', () => {
  test('from all accounts together, however the address is spelt and however many come at once', () =>
    withFixture(async (fixture) => {
      const spellings = ['victim@bank.example', 'Victim@Bank.Example', 'victim+shop@bank.example', 'ｖictim@bank.example'];
      const people = spellings.map((email) => ({ ...aPerson(), email }));
      for (const person of people) await registered(fixture, person);
      const batches = people.map(({ user_id }) => [aRequest(user_id), aRequest(user_id), aRequest(user_id)]);
      await Promise.all(batches.map((batch) => handleAll(fixture, sendAccountMailConsumer, batch)));
      assert.deepEqual(await outcomes(fixture), { pending: 5, 'suppressed recipient_limit': 7 });
      // A repeat is no further message, and a stranger's mailbox is another one.
      for (const batch of batches) await handleAll(fixture, sendAccountMailConsumer, batch);
      const other = await registered(fixture);
      await handleAll(fixture, sendAccountMailConsumer, [aRequest(other.user_id)]);
      assert.deepEqual(await outcomes(fixture), { pending: 6, 'suppressed recipient_limit': 7 });
    }));

  test('also when its accounts are erased in between; the next day it gets some again', () => {
    const clock = manualClock();
    return withFixture(
      async (fixture) => {
        const ask = async (): Promise<void> => {
          const person = await registered(fixture, { ...aPerson(), email: 'victim@bank.example' });
          await handleAll(fixture, sendAccountMailConsumer, [aRequest(person.user_id), aRequest(person.user_id)]);
          await handleAll(fixture, trackContactsConsumer, [anEnvelope('user.deleted', { user_id: person.user_id, user_version: 2 })]);
        };
        for (let round = 0; round < 4; round += 1) await ask();
        const limited = await fixture.db.query<{ messages: number }>('select messages from recipient_days');
        assert.deepEqual(limited, [{ messages: 8 }]);
        const person = await registered(fixture, { ...aPerson(), email: 'victim@bank.example' });
        await handleAll(fixture, sendAccountMailConsumer, [aRequest(person.user_id)]);
        assert.equal((await outcomes(fixture))['suppressed recipient_limit'], 1);
        clock.advance(86_400_000);
        await handleAll(fixture, sendAccountMailConsumer, [aRequest(person.user_id)]);
        assert.equal((await outcomes(fixture))['pending'], 1);
        clock.advance(86_400_000);
        await forgetMessages.run(fixture.context, new AbortController().signal);
        assert.equal((await fixture.db.query('select 1 from recipient_days')).length, 1);
      },
      { clock },
    );
  });

  test('about orders only where its owner has not confirmed it, and then without the name anotherUser gave', () =>
    withFixture(
      async (fixture) => {
        const [stranger, owner] = [await registered(fixture), await registered(fixture)];
        await confirmedBy(fixture, owner.user_id);
        for (const { user_id } of [stranger, owner])
          await handleAll(fixture, notifyCustomerConsumer, [aConfirmation(user_id), aConfirmation(user_id), aConfirmation(user_id)]);
        assert.deepEqual(await outcomes(fixture), { sent: 5, 'suppressed recipient_limit': 1 });
        const rows = await fixture.db.query<{ user_id: string; subject: string; body: string }>(
          'select user_id, subject, body from notifications',
        );
        for (const { user_id, subject, body } of rows)
          assert.equal(`${subject}${body}`.includes('Carla'), user_id === owner.user_id, `${subject}\n${body}`);
      },
      { config: { order_messages_per_day_max: 2 } },
    ));

  test('and no account mail says what its sender chose: neither name nor user name', () =>
    withFixture(async (fixture) => {
      const person = { ...aPerson(), username: 'visit.evil.example', full_name: 'You won: evil.example' };
      await registered(fixture, person);
      await handleAll(fixture, sendAccountMailConsumer, [aRegistration(person), aRequest(person.user_id)]);
      const rows = await fixture.db.query<{ text: string }>('select subject || body as text from notifications');
      assert.equal(rows.length, 2);
      for (const { text } of rows) assert.doesNotMatch(text, /evil/);
    }));
});

test('an address is taken from the newest event that told it, in whatever order they come', () =>
  withFixture(async (fixture) => {
    const person = aPerson();
    const { user_id } = person;
    const updates = [
      anEnvelope('user.updated', { user_id, user_version: 4, email_verified: true }),
      anEnvelope('user.updated', { user_id, user_version: 3, phone: '+351211234567', email_verified: false }),
      anEnvelope('user.updated', { user_id, user_version: 2, email: 'new@mail.example', email_verified: false }),
    ];
    await handleAll(fixture, trackContactsConsumer, [aRegistration(person)]);
    for (const event of updates) await handleAll(fixture, trackContactsConsumer, [event]);
    const columns = 'user_version, email, email_verified';
    assert.deepEqual(await fixture.db.query(`select ${columns} from contacts`), [
      { user_version: 4, email: 'new@mail.example', email_verified: true },
    ]);
    await handleAll(fixture, trackContactsConsumer, [
      anEnvelope('user.updated', { user_id, user_version: 5, email: 'other@mail.example' }),
    ]);
    assert.deepEqual(await fixture.db.query(`select ${columns} from contacts`), [
      { user_version: 5, email: 'other@mail.example', email_verified: false },
    ]);
  }));

test('an event that comes again after the address has changed makes no second message', () =>
  withFixture(async (fixture) => {
    const person = await registered(fixture);
    const event = aConfirmation(person.user_id);
    await handleAll(fixture, notifyCustomerConsumer, [event]);
    await handleAll(fixture, trackContactsConsumer, [
      anEnvelope('user.updated', { user_id: person.user_id, user_version: 2, email: 'new@mail.example' }),
    ]);
    await handleAll(fixture, notifyCustomerConsumer, [event]);
    assert.deepEqual(await fixture.db.query('select recipient from notifications'), [{ recipient: person.email }]);
  }));

test('after the days they are kept messages lose address and text, and those no order needs are gone', () => {
  const clock = manualClock();
  return withFixture(
    async (fixture) => {
      const person = await registered(fixture);
      const order_id = systemIds.uuid();
      await handleAll(fixture, sendAccountMailConsumer, [aRegistration(person)]);
      await handleAll(fixture, notifyCustomerConsumer, [aConfirmation(person.user_id, order_id)]);
      clock.advance(30 * 86_400_000);
      await handleAll(fixture, notifyCustomerConsumer, [aShipment(person.user_id, order_id)]);
      const run = () => forgetMessages.run(fixture.context, new AbortController().signal);
      await run();
      assert.equal((await fixture.db.query(`select 1 from notifications where body <> ''`)).length, 3, 'not yet');
      clock.advance(1);
      await run();
      const rows = await fixture.db.query<{ event_type: string; recipient: string; subject: string | null; body: string }>(
        'select event_type, recipient, subject, body from notifications order by created_at',
      );
      assert.deepEqual(
        rows.map(({ event_type, subject, body }) => [event_type, subject, body === '']),
        [
          ['order.confirmed', null, true],
          ['order.shipped', 'Your order is on its way', false],
        ],
      );
      assert.match(rows[0]?.recipient ?? '', /^erased:/);
    },
    { clock, config: { messages_kept_days: 30 } },
  );
});
