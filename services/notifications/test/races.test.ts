/** Leases, locks and repeats: what one replica sends no other sends, and an erased person gets nothing. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { AnyEvent, EventOf, userUpdated } from '@souk/contracts';
import { systemClock, timestamp } from '@souk/kernel';
import { anEnvelope, until } from '@souk/messaging/testing';
import { notifyCustomerConsumer } from '../src/consumers/notify-customer.ts';
import { trackContactsConsumer } from '../src/consumers/track-contacts.ts';
import { addressesFor, erasedRecipient } from '../src/domain/contact.ts';
import { sendMessages } from '../src/jobs/send-messages.ts';
import { lockContacts } from '../src/store/contacts.ts';
import { claimPending, forgetMessagesBefore, resend, saveOutcomes } from '../src/store/notifications.ts';
import { keepContacts } from '../src/use-cases/keep-contacts.ts';
import { aConfirmation, aMailServer, anErasure, aPerson, openFixture, registered } from './_support.ts';

type Update = EventOf<typeof userUpdated>;
const anUpdate = (user_id: string, user_version: number, members: object): AnyEvent =>
  anEnvelope('user.updated', { user_id, user_version, ...members });
const asUpdates = (...events: AnyEvent[]): Update[] => events as unknown[] as Update[];

describe('messages and contacts, with several replicas', () => {
  let fixture: Awaited<ReturnType<typeof openFixture>>;
  const mail = aMailServer();
  before(async () => {
    fixture = await openFixture({ email: mail.sender });
  });
  after(() => fixture.close());

  const handle = (consumer: { handle: unknown }, events: readonly AnyEvent[]) =>
    fixture.db.transaction((tx) =>
      (consumer.handle as (ctx: unknown, tx: unknown, events: unknown) => Promise<unknown>)(fixture.context, tx, events),
    );
  /** A message of this person that waits to be sent, and is in the hands of nobody. */
  const pending = async (): Promise<{ id: string; user_id: string }> => {
    const { user_id } = await registered(fixture);
    const event = aConfirmation(user_id);
    await handle(notifyCustomerConsumer, [event]);
    fixture.context.sendQueue.take(100);
    const [row] = await fixture.db.query<{ id: string }>(
      `update notifications set next_attempt_at = now() - interval '1 second' where event_id = $1 returning id`,
      [event.event_id],
    );
    return { id: row?.id ?? '', user_id };
  };
  const claim = () => {
    const now = systemClock.now();
    return { now: timestamp(now), lease_until: timestamp(now + 60_000), batch_max: 10 };
  };
  const statusOf = async (id: string) =>
    (await fixture.db.query<{ status: string }>('select status from notifications where id = $1', [id]))[0]?.status;
  const contactOf = async (user_id: string) =>
    (await fixture.db.query('select user_version, email, full_name from contacts where user_id = $1', [user_id]))[0];

  test('a message that one replica is taking is left out by the others, and not taken again before its lease ends', async () => {
    const { id } = await pending();
    await fixture.db.transaction(async (tx) => {
      assert.deepEqual(
        (await claimPending(tx, claim())).map((row) => row.id),
        [id],
      );
      const others = await fixture.db.transaction(async (second) => {
        await second.query(`set local lock_timeout = '500ms'`);
        return claimPending(second, claim());
      });
      assert.deepEqual(others, []);
    });
    assert.deepEqual(await claimPending(fixture.db, claim()), []);
    await fixture.db.query('delete from notifications where id = $1', [id]);
  });

  test('a message that is being sent while its recipient is erased stays suppressed, and is never sent again', async () => {
    const { id, user_id } = await pending();
    await claimPending(fixture.db, claim());
    await handle(trackContactsConsumer, [anErasure(user_id)]);
    assert.equal(await statusOf(id), 'suppressed');
    const now = timestamp(systemClock.now());
    await saveOutcomes(fixture.db, [{ id, status: 'pending', failure_code: null, failure: null, next_attempt_at: now, body: null }], now);
    assert.equal(await statusOf(id), 'suppressed');
    const before = mail.got.length;
    assert.equal(await sendMessages.run(fixture.context, new AbortController().signal), false);
    assert.equal(mail.got.length, before);
  });

  test('what a limit or an erasure has stopped is not sent again, what has failed is', async () => {
    const [stopped, failed] = [await pending(), await pending()];
    await fixture.db.query(`update notifications set status = 'suppressed' where id = $1`, [stopped.id]);
    await fixture.db.query(`update notifications set status = 'failed' where id = $1`, [failed.id]);
    const now = timestamp(systemClock.now() + 60_000);
    assert.equal(await resend(fixture.db, stopped.id, now), undefined);
    assert.equal((await resend(fixture.db, failed.id, now))?.status, 'pending');
    assert.deepEqual([await statusOf(stopped.id), await statusOf(failed.id)], ['suppressed', 'pending']);
    await fixture.db.query('delete from notifications where id = any($1::uuid[])', [[stopped.id, failed.id]]);
  });

  test('what is still to be sent is not forgotten, however old it is', async () => {
    const { id } = await pending();
    await forgetMessagesBefore(fixture.db, timestamp(systemClock.now() + 60_000), 1_000);
    assert.equal(await statusOf(id), 'pending');
    const [row] = await fixture.db.query<{ body: string; recipient: string }>('select body, recipient from notifications where id = $1', [
      id,
    ]);
    assert.ok(row?.body && row.recipient.includes('@'));
    await fixture.db.query('delete from notifications where id = $1', [id]);
  });

  test('an event that comes twice is sent once', async () => {
    const { user_id } = await registered(fixture);
    const event = aConfirmation(user_id);
    const before = mail.got.length;
    await handle(notifyCustomerConsumer, [event]);
    await handle(notifyCustomerConsumer, [event]);
    while (await sendMessages.run(fixture.context, new AbortController().signal));
    assert.equal(mail.got.length, before + 1);
  });

  test('a person of whom nothing but the id is known is waited for', async () => {
    const { user_id } = aPerson();
    await fixture.db.query('insert into contacts (user_id, user_version) values ($1, 0)', [user_id]);
    const event = aConfirmation(user_id);
    const failures = (await handle(notifyCustomerConsumer, [event])) as { event_id: string }[];
    assert.deepEqual(
      failures.map((failure) => failure.event_id),
      [event.event_id],
    );
    assert.deepEqual(await fixture.db.query('select from notifications where event_id = $1', [event.event_id]), []);
  });

  test('changes of a person that come together are taken in order of version', async () => {
    const { user_id } = await registered(fixture);
    await handle(trackContactsConsumer, [
      anUpdate(user_id, 3, { full_name: 'Carla Third' }),
      anUpdate(user_id, 2, { email: 'second@mail.example' }),
    ]);
    assert.deepEqual(await contactOf(user_id), { user_version: 3, email: 'second@mail.example', full_name: 'Carla Third' });
  });

  test('of two replicas that change a person at the same moment one waits, and neither change is lost', async () => {
    const { user_id } = await registered(fixture);
    let second: Promise<unknown> = Promise.resolve();
    await fixture.db.transaction(async (tx) => {
      await lockContacts(tx, [user_id]);
      second = fixture.context.db.transaction((other) =>
        keepContacts(fixture.context, other, asUpdates(anUpdate(user_id, 3, { full_name: 'Carla Third' }))),
      );
      await until(async () =>
        (await fixture.db.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length > 0
          ? undefined
          : 'it does not wait',
      );
      await keepContacts(fixture.context, tx, asUpdates(anUpdate(user_id, 2, { email: 'second@mail.example' })));
    });
    await second;
    assert.deepEqual(await contactOf(user_id), { user_version: 3, email: 'second@mail.example', full_name: 'Carla Third' });
  });
});

test('an erased person has no address, even where one was left', () => {
  const contact = { ...aPerson(), email_verified: true, phone: '+351211234567', erased: true };
  assert.deepEqual(addressesFor(contact, 'order.shipped'), [{ channel: 'email', recipient: erasedRecipient }]);
});
