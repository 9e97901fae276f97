import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createTestClient } from '@souk/client/testing';
import { getNotification, getNotificationHistory, messagesOfOrderMax, resendNotification } from '@souk/contracts';
import { systemIds } from '@souk/kernel';
import { until } from '@souk/messaging/testing';
import { testService } from '@souk/service-kit/testing';
import { buildNotifications, NotificationsConfig } from '../src/index.ts';
import { aConfirmation, anErasure, aPerson, aRegistration, aShipment } from './_support.ts';

const shop = await testService(buildNotifications, { name: 'notifications', schema: NotificationsConfig });
after(() => shop.stop());
const person = aPerson();
const anonymous = createTestClient({ base_url: shop.url });
const ownToken = await shop.tokenFor({ user_id: person.user_id });
const own = anonymous.with({ token: ownToken });
const stranger = anonymous.with({ token: await shop.tokenFor({ user_id: systemIds.uuid() }) });
const staff = anonymous.with({ token: await shop.tokenFor({ role: 'staff' }) });

const publish = (event: ReturnType<typeof aRegistration>) =>
  shop.broker.publish([
    {
      message_id: event.event_id,
      routing_key: event.event_type,
      body: JSON.stringify(event),
      correlation_id: event.correlation_id,
      headers: {},
      mandatory: false,
    },
  ]);

test('a customer reads their own messages, staff all, a stranger none', async () => {
  await until(() => (shop.service.messaging.health().consumers.every((consumer) => consumer.attached) ? undefined : 'not attached'));
  await publish(aRegistration(person));
  await until(async () => ((await own.must(getNotificationHistory, {})).total === 1 ? undefined : 'no welcome'));
  await publish(aConfirmation(person.user_id));
  await until(async () =>
    (await own.must(getNotificationHistory, {})).notifications.filter((row) => row.status === 'sent').length === 2 ? undefined : 'not sent',
  );
  const { notifications } = await own.must(getNotificationHistory, {});
  assert.deepEqual(
    notifications.map((row) => row.event_type),
    ['order.confirmed', 'user.registered'],
  );
  assert.equal(notifications[0]?.recipient, person.email);
  assert.equal((await stranger.must(getNotificationHistory, {})).total, 0);
  assert.equal((await staff.must(getNotificationHistory, {})).total, 2);
  const notification_id = notifications[0]?.id as string;
  const { headers } = await own.expect(200, getNotification, { params: { notification_id } });
  const known = await fetch(`${shop.url}/api/notifications/${notification_id}`, {
    headers: { authorization: `Bearer ${ownToken}`, 'if-none-match': String(headers['etag']) },
  });
  assert.equal(known.status, 304);
  assert.equal((await stranger.refused(404, getNotification, { params: { notification_id } })).code, 'not_found');
  assert.equal((await own.refused(403, resendNotification, { params: { notification_id } })).code, 'forbidden');
  const again = await staff.must(resendNotification, { params: { notification_id } });
  assert.equal(again.status, 'pending');
  await until(async () =>
    (await own.must(getNotification, { params: { notification_id } })).status === 'sent' ? undefined : 'not sent again',
  );
});

test('the messages about many orders are read at once, the last of each; a customer the own ones', async () => {
  const [busy, quiet] = [systemIds.uuid(), systemIds.uuid()];
  for (let count = 0; count < messagesOfOrderMax + 2; count += 1) await publish(aShipment(person.user_id, busy));
  await publish(aConfirmation(person.user_id, quiet));
  const query = { order_ids: [quiet, systemIds.uuid(), busy].join(',') };
  await until(async () =>
    (await own.must(getNotificationHistory, { query })).total === messagesOfOrderMax + 3 ? undefined : 'not all are written',
  );
  const { notifications } = await staff.must(getNotificationHistory, { query });
  assert.equal(notifications.filter(({ order_id }) => order_id === busy).length, messagesOfOrderMax);
  assert.deepEqual(
    notifications.filter(({ order_id }) => order_id !== busy).map(({ order_id, event_type }) => [order_id, event_type]),
    [[quiet, 'order.confirmed']],
  );
  assert.deepEqual(await stranger.must(getNotificationHistory, { query }), { total: 0, notifications: [] });
  const both = await staff.refused(400, getNotificationHistory, { query: { ...query, order_id: quiet } });
  assert.equal(both.code, 'validation_failed');
});

test("a customer who asks for somebody else's messages is refused, not answered with their own", async () => {
  assert.equal((await stranger.refused(403, getNotificationHistory, { query: { user_id: person.user_id } })).code, 'forbidden');
  assert.ok((await own.must(getNotificationHistory, { query: { user_id: person.user_id } })).total > 0);
});

test('what was sent to an erased person cannot be sent again', async () => {
  const { notifications } = await own.must(getNotificationHistory, {});
  const sent = notifications.find(({ status }) => status === 'sent');
  const params = { notification_id: sent?.id as string };
  await publish(anErasure(person.user_id));
  await until(async () =>
    (await staff.must(getNotification, { params })).recipient.startsWith('erased') ? undefined : 'the address is still there',
  );
  assert.equal((await staff.refused(409, resendNotification, { params })).code, 'notification_suppressed');
  assert.deepEqual(
    (await staff.must(getNotificationHistory, { query: { user_id: person.user_id } })).notifications.map(({ status }) => status),
    notifications.map(({ status }) => status),
  );
});

test('without a token nothing is told, and a wrong id is a clear refusal', async () => {
  assert.equal((await anonymous.refused(401, getNotificationHistory, {})).code, 'token_missing');
  assert.equal((await own.refused(400, getNotification, { params: { notification_id: 'x' } })).code, 'validation_failed');
  assert.equal((await own.refused(404, getNotification, { params: { notification_id: systemIds.uuid() } })).code, 'not_found');
});
