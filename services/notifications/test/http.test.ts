import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createTestClient } from '@souk/client/testing';
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  getNotification,
  getNotificationHistory,
  getWebhook,
  listDeliveries,
  listWebhooks,
  messagesOfOrderMax,
  pingWebhook,
  replayDeliveries,
  resendNotification,
  rotateWebhookSecret,
  webhooksMax,
} from '@souk/contracts';
import { systemIds } from '@souk/kernel';
import { anEnvelope, until } from '@souk/messaging/testing';
import { testService } from '@souk/service-kit/testing';
import { buildNotifications, NotificationsConfig } from '../src/index.ts';
import { aConfirmation, anErasure, aPerson, aRegistration, aShipment } from './_support.ts';
import { aReceiver } from './_webhooks.ts';

const shop = await testService(buildNotifications, {
  name: 'notifications',
  schema: NotificationsConfig,
  config: { webhook_allow_private: true },
});
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

test('messages to a guest whom a person has linked are read by that person, without the secrets in them, until one of them is erased', async () => {
  const [guest, order_id] = [aPerson(), systemIds.uuid()];
  const query = { order_ids: order_id };
  const link = anEnvelope('user.guest_linked', { user_id: person.user_id, guest_user_id: guest.user_id });
  await publish(aRegistration(guest));
  await publish(aConfirmation(guest.user_id, order_id));
  await until(async () => ((await staff.must(getNotificationHistory, { query })).total === 1 ? undefined : 'not written yet'));
  assert.equal((await own.must(getNotificationHistory, { query })).total, 0);
  await publish(link as never);
  await until(async () => ((await own.must(getNotificationHistory, { query })).total === 1 ? undefined : 'not linked yet'));
  const [message] = (await own.must(getNotificationHistory, { query: { order_id } })).notifications;
  const params = { notification_id: String(message?.id) };
  assert.equal((await own.must(getNotification, { params })).user_id, guest.user_id);
  await stranger.refused(404, getNotification, { params });
  assert.equal((await stranger.must(getNotificationHistory, { query })).total, 0);
  await publish(anErasure(guest.user_id) as never);
  await until(async () => ((await own.must(getNotificationHistory, { query })).total === 0 ? undefined : 'still linked'));
  // The link comes once more, after the erasure: nothing is linked again.
  await publish({ ...link, event_id: systemIds.uuid() } as never);
  const after_it = aPerson();
  await publish(aRegistration(after_it));
  await until(async () =>
    (await staff.must(getNotificationHistory, { query: { user_id: after_it.user_id } })).total > 0 ? undefined : 'not consumed yet',
  );
  assert.equal((await own.must(getNotificationHistory, { query })).total, 0);
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

test('administrators have events posted to an address, and others are refused', async (t) => {
  const receiver = await aReceiver();
  t.after(() => receiver.close());
  const admin = anonymous.with({ token: await shop.tokenFor({ role: 'admin' }) });
  const body = { url: `${receiver.url}/hook`, event_types: ['order.shipped' as const], description: 'The warehouse.' };
  const { headers, body: created } = await admin.expect(201, createWebhook, { body });
  assert.match(created.secret, /^whsec_/);
  assert.deepEqual([headers['location'], headers['cache-control']], [`/api/webhooks/${created.id}`, 'private, no-store']);
  const { secret, ...rest } = created;
  const params = { webhook_id: created.id };
  const read = await admin.expect(200, getWebhook, { params });
  assert.deepEqual(read.body, rest);
  for (const client of [own, staff]) {
    assert.equal((await client.refused(403, createWebhook, { body })).code, 'forbidden');
    assert.equal((await client.refused(403, listWebhooks, {})).code, 'forbidden');
    assert.equal((await client.refused(403, replayDeliveries, { params, body: { since: created.created_at } })).code, 'forbidden');
  }
  await publish(aShipment(person.user_id));
  await publish(aConfirmation(person.user_id));
  const ping = await admin.must(pingWebhook, { params });
  await until(() => (receiver.got.length === 2 ? undefined : `${receiver.got.length} were posted`));
  assert.deepEqual(receiver.got.map(({ path, body: text }) => [path, (JSON.parse(text) as { type: string }).type]).sort(), [
    ['/hook', 'order.shipped'],
    ['/hook', 'webhook.ping'],
  ]);
  await until(async () =>
    (await admin.must(listDeliveries, { params, query: { status: 'delivered' } })).length === 2 ? undefined : 'not recorded',
  );
  const page = await admin.expect(200, listDeliveries, { params, query: { limit: 1 } });
  const cursor = decodeURIComponent(/cursor=([^>&]+)/.exec(String(page.headers['link']))?.[1] ?? '');
  const ids = [page.body[0]?.event_id, (await admin.must(listDeliveries, { params, query: { limit: 1, cursor } }))[0]?.event_id];
  assert.deepEqual([new Set(ids).size, ids.includes(ping.event_id)], [2, true]);
  assert.equal((await admin.refused(400, listDeliveries, { params, query: { cursor: 'WzFd' } })).code, 'cursor_invalid');
  assert.equal((await admin.must(replayDeliveries, { params, body: { since: created.created_at } })).replayed, 2);
  await until(() => (receiver.got.length === 4 ? undefined : `${receiver.got.length} were posted`));
  const rotated = await admin.must(rotateWebhookSecret, { params });
  assert.ok(rotated.secret !== secret && rotated.version === 2);
  const stale = { params, headers: { 'if-match': String(read.headers['etag']) } };
  assert.equal((await admin.refused(412, changeWebhook, { ...stale, body: { status: 'paused' } })).code, 'precondition_failed');
  assert.equal((await admin.must(changeWebhook, { params, body: { status: 'paused' } })).status, 'paused');
  assert.equal((await admin.refused(409, pingWebhook, { params })).code, 'webhook_not_active');
  assert.equal((await admin.refused(412, deleteWebhook, stale)).code, 'precondition_failed');
  await admin.expect(204, deleteWebhook, { params });
  assert.equal((await admin.refused(404, getWebhook, { params })).code, 'not_found');
});

test('a shop has so many webhooks at most, however many are asked for at once, and none with a bad address', async () => {
  const admin = anonymous.with({ token: await shop.tokenFor({ role: 'admin' }) });
  const body = { url: 'https://hooks.example.org/', event_types: ['order.shipped' as const] };
  for (const url of ['https://user:secret@hooks.example.org/', 'https://hooks.example.org/#x'])
    assert.equal((await admin.refused(400, createWebhook, { body: { ...body, url } })).code, 'webhook_target_refused');
  for (const url of ['ftp://hooks.example.org/', 'https://hooks.example.org/ x', ''])
    assert.equal((await admin.refused(400, createWebhook, { body: { ...body, url } })).code, 'validation_failed');
  const answers = await Promise.all(Array.from({ length: webhooksMax + 5 }, () => admin.call(createWebhook, { body })));
  assert.deepEqual(
    [201, 409].map((status) => answers.filter((one) => one.status === status).length),
    [webhooksMax, 5],
  );
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const { headers, body: found } = await admin.expect(200, listWebhooks, {
      query: { limit: 20, ...(cursor !== undefined && { cursor }) },
    });
    for (const { id } of found) seen.add(id);
    const link = /cursor=([^>&]+)/.exec(String(headers['link'] ?? ''))?.[1];
    cursor = link === undefined ? undefined : decodeURIComponent(link);
  } while (cursor !== undefined);
  assert.equal(seen.size, webhooksMax);
});
