import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnyEvent } from '@souk/contracts';
import { manualClock, silentLog, silentMetrics, systemClock, systemIds } from '@souk/kernel';
import { anEnvelope, asDelivery, type ConsumerFixture, consumerConformance, createBatchHandler } from '@souk/messaging/testing';
import { callerOf } from '@souk/service-kit';
import { notifyCustomerConsumer } from '../src/consumers/notify-customer.ts';
import { sendAccountMailConsumer } from '../src/consumers/send-account-mail.ts';
import { sendOrderLinkConsumer } from '../src/consumers/send-order-link.ts';
import { trackContactsConsumer } from '../src/consumers/track-contacts.ts';
import type { NotificationsContext } from '../src/context.ts';
import { readNotification } from '../src/use-cases/read-notifications.ts';
import { sendPending } from '../src/use-cases/send-pending.ts';
import {
  aConfirmation,
  anErasure,
  aPerson,
  aRefund,
  aRegistration,
  aReturnIn,
  aShipment,
  handleAll,
  openFixture,
  registered,
} from './_support.ts';

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
      anEnvelope('user.guest_linked', { user_id: one.user_id, guest_user_id: systemIds.uuid() }),
    ];
  },
  effects: async (fixture) => [await contacts(fixture), await fixture.db.query('select * from linked_guests order by guest_user_id')],
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
    return [
      aConfirmation(person.user_id, order_id),
      aShipment(person.user_id, order_id),
      aReturnIn('requested', person.user_id, order_id),
      aReturnIn('received', person.user_id, order_id),
      aRefund(order_id),
    ];
  },
  effects: messages,
});

const aLinkRequest = (fixture: Fixture, user_id: string, email: string, order_id: string = systemIds.uuid()): AnyEvent =>
  anEnvelope('order.link_requested', {
    ...{ order_id, order_number: 'S-10001', user_id },
    email_digest: fixture.context.order_links.addressDigest(email),
  });

consumerConformance<NotificationsContext>({
  service: 'notifications',
  consumer: sendOrderLinkConsumer as never,
  open: openFixture,
  async prepare(fixture) {
    const [one, other] = [await registered(fixture), await registered(fixture)];
    return [
      aLinkRequest(fixture, one.user_id, one.email),
      aLinkRequest(fixture, one.user_id, 'stranger@mail.example'),
      aLinkRequest(fixture, other.user_id, other.email),
    ];
  },
  effects: async (fixture) => [
    await messages(fixture),
    await fixture.db.query('select order_id, links from order_link_counts order by order_id'),
  ],
});

test('a link to an order is mailed to its customer, three times an hour; a wrong address mails nothing and uses nothing up', async () => {
  const clock = manualClock(Date.now());
  const fixture = await openFixture({ clock });
  try {
    const { db, context } = fixture;
    const { user_id, email } = await registered(fixture);
    const order_id = systemIds.uuid();
    const ask = (addresses: readonly string[]) =>
      db.transaction(async (tx) => {
        const events = addresses.map((address) => aLinkRequest(fixture, user_id, address, order_id));
        await sendOrderLinkConsumer.handle(context, tx, events as never);
      });
    const mailed = async () => (await db.query("select 1 from notifications where event_type = 'order.link_requested'")).length;
    await ask(Array.from({ length: 8 }, (_, index) => `guess-${index}@mail.example`));
    assert.equal(await mailed(), 0);
    await Promise.all([ask([email.toUpperCase()]), ask([email, 'guess@mail.example']), ask([email]), ask([email, email])]);
    assert.equal(await mailed(), 3);
    clock.advance(3_600_001);
    await ask([email]);
    assert.equal(await mailed(), 4);

    await sendPending(context);
    const [row] = await db.query<{ body: string; recipient: string }>(
      "select body, recipient from notifications where status = 'sent' limit 1",
    );
    assert.equal(row?.recipient, email);
    const link = /^v1\.\S+$/m.exec(row?.body ?? '')?.[0];
    assert.equal(context.order_links.orderOf(`OrderLink ${link}`, clock.now() + 2_591_000_000), order_id);
    assert.equal(context.order_links.orderOf(`OrderLink ${link}`, clock.now() + 2_593_000_000), undefined);
    const [found] = await db.query<{ id: string }>('select id from notifications limit 1');
    const seen = await readNotification(context, callerOf(systemIds.uuid(), 'staff'), found?.id ?? '');
    assert.doesNotMatch(seen.body, /v1\./, 'staff do not see the link');
  } finally {
    await fixture.close();
  }
});

test('a confirmation has a link that opens its order for 30 days where the shop has pages, which staff do not see', async () => {
  const clock = manualClock(Date.now());
  const fixture = await openFixture({ clock, config: { shop_url: 'https://shop.example' } });
  try {
    const { db, context } = fixture;
    const { user_id } = await registered(fixture);
    const order_id = systemIds.uuid();
    await handleAll(fixture, notifyCustomerConsumer, [aConfirmation(user_id, order_id)]);
    await sendPending(context);
    const [row] = await db.query<{ id: string; body: string; status: string }>('select id, body, status from notifications');
    const [, token = ''] = /^https:\/\/shop\.example\/order-link\?token=(v1\S+)$/m.exec(row?.body ?? '') ?? [];
    assert.equal(row?.status, 'sent');
    const header = `OrderLink ${decodeURIComponent(token)}`;
    assert.equal(context.order_links.orderOf(header, clock.now() + 2_591_000_000), order_id);
    assert.equal(context.order_links.orderOf(header, clock.now() + 2_593_000_000), undefined);
    const seen = await readNotification(context, callerOf(systemIds.uuid(), 'staff'), row?.id ?? '');
    assert.ok(!seen.body.includes(token));
  } finally {
    await fixture.close();
  }
});

test('a guest is sent no welcome', () =>
  withFixture(async ({ db, context }) => {
    const guest = anEnvelope('user.registered', { ...aPerson(), registration_source: 'guest' });
    const failures = await db.transaction(async (tx) => sendAccountMailConsumer.handle(context, tx, [guest] as never));
    assert.deepEqual([failures, await db.query('select 1 from notifications')], [[], []]);
  }));

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
