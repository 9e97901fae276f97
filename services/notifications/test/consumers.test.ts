import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnyEvent } from '@souk/contracts';
import { silentLog, silentMetrics, systemClock, systemIds } from '@souk/kernel';
import { anEnvelope, asDelivery, type ConsumerFixture, consumerConformance, createBatchHandler } from '@souk/messaging/testing';
import { notifyCustomerConsumer } from '../src/consumers/notify-customer.ts';
import { sendAccountMailConsumer } from '../src/consumers/send-account-mail.ts';
import { trackContactsConsumer } from '../src/consumers/track-contacts.ts';
import type { NotificationsContext } from '../src/context.ts';
import { aConfirmation, anErasure, aPerson, aRefund, aRegistration, aShipment, openFixture, registered } from './_support.ts';

type Fixture = ConsumerFixture<NotificationsContext>;
const messages = (fixture: Fixture) =>
  fixture.db.query('select event_id, channel, recipient, subject, body, status from notifications order by event_id, channel, recipient');
const contacts = (fixture: Fixture) => fixture.db.query('select * from contacts order by user_id');

consumerConformance<NotificationsContext>({
  service: 'notifications',
  consumer: trackContactsConsumer as never,
  open: openFixture,
  async prepare() {
    const [one, other] = [aPerson(), aPerson()];
    return [
      aRegistration(one),
      aRegistration(other),
      anEnvelope('user.updated', { user_id: one.user_id, user_version: 2, email: 'new@mail.example' }),
      anErasure(other.user_id),
    ];
  },
  effects: contacts,
});

consumerConformance<NotificationsContext>({
  service: 'notifications',
  consumer: sendAccountMailConsumer as never,
  open: openFixture,
  async prepare(fixture) {
    const person = await registered(fixture);
    return [
      aRegistration(person),
      anEnvelope('user.message_requested', { user_id: person.user_id, purpose: 'verify_email', token_id: systemIds.uuid() }),
    ];
  },
  effects: messages,
});

consumerConformance<NotificationsContext>({
  service: 'notifications',
  consumer: notifyCustomerConsumer as never,
  open: openFixture,
  async prepare(fixture) {
    const person = await registered(fixture, { ...aPerson(), phone: '+351211234567' } as ReturnType<typeof aPerson>);
    const order_id = systemIds.uuid();
    return [aConfirmation(person.user_id, order_id), aShipment(person.user_id, order_id), aRefund(order_id)];
  },
  effects: messages,
});

async function withFixture(work: (fixture: Fixture, handle: (events: AnyEvent[]) => Promise<string[]>) => Promise<void>): Promise<void> {
  const fixture = await openFixture();
  const handler = createBatchHandler(notifyCustomerConsumer as never, fixture.context, {
    service: 'notifications',
    db: fixture.db,
    broker: undefined as never,
    clock: systemClock,
    log: silentLog,
    metrics: silentMetrics,
  });
  try {
    await work(fixture, async (events) => (await handler(events.map((event) => asDelivery(event)))).map((settlement) => settlement.kind));
  } finally {
    await fixture.close();
  }
}

test('a message for a contact not known yet is tried again, and its neighbours are written', () =>
  withFixture(async (fixture, handle) => {
    const known = await registered(fixture);
    assert.deepEqual(await handle([aConfirmation(systemIds.uuid()), aConfirmation(known.user_id)]), ['retry', 'done']);
    assert.equal((await messages(fixture)).length, 1);
  }));

test('an erased person gets nothing more, one suppressed row says so, and what was sent before names nobody', () =>
  withFixture(async (fixture, handle) => {
    const person = await registered(fixture);
    await handle([aConfirmation(person.user_id)]);
    const erase = createBatchHandler(trackContactsConsumer as never, fixture.context, {
      service: 'notifications',
      db: fixture.db,
      broker: undefined as never,
      clock: systemClock,
      log: silentLog,
      metrics: silentMetrics,
    });
    await erase([asDelivery(anErasure(person.user_id))]);
    assert.deepEqual(await handle([aShipment(person.user_id)]), ['done']);
    const rows = (await messages(fixture)) as { status: string; recipient: string; body: string; subject: string | null }[];
    assert.deepEqual(rows.map((row) => row.status).sort(), ['sent', 'suppressed']);
    for (const row of rows) {
      assert.match(row.recipient, /^erased/);
      assert.equal(row.body, '');
      assert.equal(row.subject, null);
    }
  }));

test('without a mail server a message is sent once it is written, in a recorded trace too', () =>
  withFixture(async (fixture, handle) => {
    const person = await registered(fixture);
    const [plain, recorded] = [aConfirmation(person.user_id), aConfirmation(person.user_id)];
    recorded.metadata = { ...recorded.metadata, traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
    await handle([plain, recorded]);
    const rows = await fixture.db.query<{ event_id: string }>(
      'select event_id, status, attempts, sent_at is null unsent from notifications',
    );
    assert.deepEqual(
      new Map(rows.map(({ event_id, ...row }) => [event_id, row])),
      new Map([
        [plain.event_id, { status: 'sent', attempts: 1, unsent: false }],
        [recorded.event_id, { status: 'sent', attempts: 1, unsent: false }],
      ]),
    );
  }));

test('a name cannot add a header to a mail', () =>
  withFixture(async (fixture, handle) => {
    const person = await registered(fixture, { ...aPerson(), full_name: 'Eve\r\nBcc: all@mail.example' });
    await handle([aConfirmation(person.user_id)]);
    const [row] = (await messages(fixture)) as { subject: string }[];
    assert.ok(!/[\r\n]/.test(row?.subject ?? ''));
  }));
