import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  type EventOf,
  inventoryReserved,
  orderCancelled,
  orderCompleted,
  orderConfirmed,
  orderCreated,
  orderParcelSent,
  orderShipped,
  paymentRefunded,
  refusal,
  returnUpdated,
} from '@souk/contracts';
import { silentLog, silentMetrics, systemClock, systemIds } from '@souk/kernel';
import {
  type Broker,
  createMessaging,
  defineConsumer,
  draft,
  embeddedBrokerMigrations,
  messagingMigrations,
  openEmbeddedBroker,
} from '@souk/messaging';
import { until } from '@souk/messaging/testing';
import { openDatabase } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';

const brokerDatabase = await freshDatabase({ folders: [embeddedBrokerMigrations] });
const serviceDatabase = await freshDatabase({ folders: [messagingMigrations] });
const db = openDatabase({ url: serviceDatabase.url, application_name: 'test', pool_max: 4, log: silentLog });
const real = openEmbeddedBroker({ url: brokerDatabase.url, log: silentLog, clock: systemClock, ids: systemIds, poll_ms: 20 });
let away = false;
const broker: Broker = { ...real, publish: (messages) => (away ? Promise.reject(refusal('broker_unavailable')) : real.publish(messages)) };
const messaging = (service: string) =>
  createMessaging({
    service,
    db,
    broker,
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
    metrics: silentMetrics,
    code_version: 'test',
  });
const cause = () => ({ correlation_id: systemIds.uuid(), actor: 'system' });
const completed = () => draft(orderCompleted, { order_id: systemIds.uuid(), order_version: 5, user_id: systemIds.uuid() }, cause());

after(async () => {
  await real.close();
  await db.close();
  await serviceDatabase.drop();
  await brokerDatabase.drop();
});

const orders = messaging('orders');
const notified: EventOf<typeof orderCompleted>[] = [];
const notifyCustomerConsumer = defineConsumer({
  queue: 'notifications.notify-customer',
  events: [orderConfirmed, orderCancelled, orderShipped, orderParcelSent, orderCompleted, paymentRefunded, returnUpdated],
  deduplicate: 'inbox',
  async handle(_context: unknown, _tx, events) {
    for (const event of events) if (event.event_type === 'order.completed') notified.push(event);
  },
});

test('events leave after their commit, reach the consumer once, and the outbox is empty again', async () => {
  await orders.start([notifyCustomerConsumer], {});
  await db.transaction((tx) => orders.outbox.append(tx, [completed(), completed()]));
  await until(() => (notified.length === 2 ? undefined : `${notified.length} received`));
  await until(async () => ((await orders.idle()) ? undefined : 'the outbox is not empty'));
});

test('events of a transaction that was rolled back never leave', async () => {
  const before = notified.length;
  await assert.rejects(
    db.transaction(async (tx) => {
      await orders.outbox.append(tx, [completed()]);
      throw new Error('refused');
    }),
  );
  await db.transaction((tx) => orders.outbox.append(tx, [completed()]));
  await until(() => (notified.length > before ? undefined : 'nothing received'));
  assert.equal(notified.length, before + 1);
});

test('while the broker is away events wait, their age is seen, and they leave when it is back', async () => {
  const before = notified.length;
  away = true;
  await db.transaction((tx) => orders.outbox.append(tx, [completed(), completed(), completed()]));
  await until(() =>
    orders.health().outbox.backlog === 3 && orders.health().outbox.oldest_age_s > 0 ? undefined : 'the backlog is not seen',
  );
  away = false;
  await until(() => (notified.length === before + 3 ? undefined : `${notified.length - before} received`), 20_000);
});

test('rows left behind by a process that died are found and sent', async () => {
  const before = notified.length;
  const dead = messaging('orders');
  await db.transaction((tx) => dead.outbox.append(tx, [completed()]));
  await until(() => (notified.length === before + 1 ? undefined : 'not found'), 20_000);
});

test('an event that must reach a queue but has no queue stays in the outbox', async () => {
  await db.query('delete from outbox');
  const deaf: Broker = { ...real, publish: async (messages) => messages.map(() => 'unroutable') };
  const lonely = createMessaging({
    service: 'orders',
    db,
    broker: deaf,
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
    metrics: silentMetrics,
    code_version: 'test',
  });
  await orders.stop();
  await lonely.start([], {});
  await db.transaction((tx) =>
    lonely.outbox.append(tx, [
      draft(inventoryReserved, { order_id: systemIds.uuid(), items: [{ product_id: systemIds.uuid(), quantity: 1 }] }, cause()),
    ]),
  );
  await until(() => (lonely.health().outbox.backlog === 1 ? undefined : 'it is gone'));
  await lonely.stop();
  await db.query('delete from outbox');
});

test('a dead letter is listed with its cause, and replayed it has its effect once', async () => {
  const inventory = messaging('inventory');
  const reserved: string[] = [];
  let broken = true;
  const reserveStock = defineConsumer({
    queue: 'inventory.reserve-stock',
    events: [orderCreated],
    deduplicate: 'inbox',
    async handle(_context: unknown, _tx, events) {
      if (broken) throw refusal('payment_mismatch', 'Broken for a while.');
      reserved.push(...events.map((event) => event.order_id));
    },
  });
  await inventory.start([reserveStock], {});
  const order_id = systemIds.uuid();
  const payload = {
    order_id,
    order_version: 1,
    user_id: systemIds.uuid(),
    items: [{ product_id: systemIds.uuid(), quantity: 1, price: 9.5 }],
    total_amount: 9.5,
    currency: 'EUR',
    shipping_address: { street: 'Main Road 1', city: 'Town', postal_code: '12345', country: 'DE' },
  };
  await db.transaction((tx) => inventory.outbox.append(tx, [draft(orderCreated, payload, cause())]));
  await until(async () => ((await inventory.deadLetters.count()) === 1 ? undefined : 'no dead letter'));
  const [letter] = await inventory.deadLetters.list({ limit: 10 });
  assert.equal(letter?.reason, 'payment_mismatch');
  assert.equal(letter?.detail, 'Broken for a while.');
  assert.equal(letter?.queue, 'inventory.reserve-stock');
  assert.equal(letter?.attempts, 1);
  assert.equal(letter?.event_type, 'order.created');
  assert.equal(
    await inventory.deadLetters.replay({ queue: 'inventory.reserve-stock' }),
    1,
    'what dies again is not replayed in the same go',
  );
  await until(async () => ((await inventory.deadLetters.count()) === 1 ? undefined : 'it has not died again'));
  broken = false;
  assert.equal(await inventory.deadLetters.replay({ reason: 'payment_mismatch' }), 1);
  await until(() => (reserved.length === 1 ? undefined : 'not replayed'));
  assert.deepEqual(reserved, [order_id]);
  assert.equal(await inventory.deadLetters.count(), 0);
  await assert.rejects(inventory.deadLetters.get('999'), { code: 'dead_letter_unknown' });
  await inventory.stop();
});
