import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type AnyEvent, orderCompleted, refusal } from '@souk/contracts';
import { type Log, silentLog, silentMetrics, systemClock, systemIds } from '@souk/kernel';
import {
  type ConsumerDefinition,
  type Delivery,
  messagingMigrations,
  type Outgoing,
  openRabbitBroker,
  retryDelaysMs,
} from '@souk/messaging';
import { anEnvelope, brokerConformance, createBatchHandler, startTestRabbitMq, until } from '@souk/messaging/testing';
import { openDatabase } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';
import { connect } from 'amqplib';
import { queueArguments } from '../src/rabbitmq/topology.ts';

const rabbit = await startTestRabbitMq();
const said: { level: string; fields: object; message: string }[] = [];
const line = (level: string) => (fields: object, message: string) => void said.push({ level, fields, message });
const log: Log = { debug() {}, info: line('info'), warn: line('warn'), error: line('error'), child: () => log };
const open = (url = rabbit.url, settling_ms = 0) =>
  openRabbitBroker({ url, log, clock: systemClock, ids: systemIds, settling_ms, probe_ms: 20 });
const direct = await connect(rabbit.url);
const database = await freshDatabase({ folders: [messagingMigrations] });
const db = openDatabase({ url: database.url, application_name: 'test', pool_max: 4, log: silentLog });
const broker = open();

after(async () => {
  await broker.close();
  await direct.close();
  await db.close();
  await database.drop();
  await rabbit.close();
});

brokerConformance('RabbitMQ', async () => ({ open: async () => open(), close: async () => undefined }));

const queue = 'notifications.notify-customer';
const poisonous = systemIds.uuid();
const completed = (user_id = systemIds.uuid()) => anEnvelope('order.completed', { order_id: systemIds.uuid(), order_version: 5, user_id });
const outgoing = (event: AnyEvent): Outgoing => ({
  message_id: event.event_id,
  routing_key: event.event_type,
  body: JSON.stringify(event),
  correlation_id: event.correlation_id,
  headers: { event_type: event.event_type, version: event.version, traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
  mandatory: true,
});
const consumer = {
  queue,
  events: [orderCompleted],
  deduplicate: 'inbox',
  async handle(_, tx, events) {
    if (events.some((event) => (event as unknown as { user_id: string }).user_id === poisonous))
      throw refusal('payment_mismatch', 'This one can never be handled.');
    await tx.query('insert into handled select unnest($1::uuid[])', [events.map((event) => event.event_id)]);
  },
} satisfies ConsumerDefinition<unknown, AnyEvent>;
const handler = () =>
  createBatchHandler(consumer, {}, { service: 'notifications', db, broker, clock: systemClock, log: silentLog, metrics: silentMetrics });
const readDead = async (count: number): Promise<Delivery[]> => {
  const dead: Delivery[] = [];
  const drain = broker.consume({
    queue: `${queue}.dead`,
    batch_max: 50,
    async handle(batch) {
      dead.push(...batch);
      return batch.map(() => ({ kind: 'done' }) as const);
    },
  });
  await until(() => (dead.length >= count ? undefined : `${dead.length} of ${count} dead`), 20_000);
  await drain.close();
  return dead;
};

test('20 poison messages among 2000 end in the dead queue with their reasons, all others are handled once', async () => {
  await db.query('create table handled (event_id uuid not null)');
  await broker.declare([{ name: queue, routing_keys: ['order.completed'] }]);
  const consumption = broker.consume({ queue, batch_max: 100, handle: handler() });
  const messages = Array.from({ length: 2_020 }, (_, index) => {
    const message = outgoing(completed(index % 202 === 50 ? poisonous : undefined));
    return index % 202 === 100 ? { ...message, body: '{"half' } : message;
  });
  for (let from = 0; from < messages.length; from += 500) await broker.publish(messages.slice(from, from + 500));
  const dead = await readDead(20);
  const reasons = dead.map((delivery) => delivery.headers['x-souk-reason']).sort();
  assert.deepEqual(reasons, [...Array(10).fill('event_invalid'), ...Array(10).fill('payment_mismatch')]);
  assert.ok(
    dead.every(({ attempts, headers, routing_key }) => attempts === 1 && headers['traceparent'] && routing_key === 'order.completed'),
  );
  const handled = () =>
    db.query<{ all: number; single: number }>('select count(*)::int "all", count(distinct event_id)::int single from handled');
  await until(async () => ((await handled())[0]?.all === 2_000 ? undefined : 'not all handled'));
  assert.equal((await handled())[0]?.single, 2_000);
  await consumption.close();
});

test('foreign messages die with a reason and hold up nobody', async () => {
  const channel = await direct.createConfirmChannel();
  channel.sendToQueue(queue, Buffer.from('hello'));
  channel.sendToQueue(queue, Buffer.alloc(5_000_000, 'x'), { contentType: 'application/json' });
  channel.sendToQueue(queue, Buffer.from([0xff, 0x00]), {
    contentType: 'text/plain',
    headers: { nested: { deep: [1, true, null] }, CC: ['elsewhere'] },
  });
  channel.sendToQueue(queue, Buffer.from('{}'), {
    contentType: 'application/json',
    headers: { 'x-souk-attempts': 'many', large: 'x'.repeat(60_000) },
  });
  channel.publish('events', 'order.completed', Buffer.from('{"event_type":"order.completed"}'), { timestamp: 1_700_000_000 });
  await channel.waitForConfirms();
  const good = completed();
  await broker.publish([outgoing(good)]);
  const consumption = broker.consume({ queue, batch_max: 100, handle: handler() });
  const dead = await readDead(5);
  await until(async () =>
    (await db.query('select from handled where event_id = $1', [good.event_id])).length === 1 ? undefined : 'not handled',
  );
  assert.deepEqual(dead.map((delivery) => delivery.headers['x-souk-reason']).sort(), [...Array(4).fill('event_invalid'), 'event_unknown']);
  assert.ok(dead.some((delivery) => delivery.body.length === 5_000_000));
  assert.ok(dead.some((delivery) => delivery.enqueued_at === 1_700_000_000_000));
  await consumption.close();
  await channel.close();
});

test('a message may pass the same delay again and again', async () => {
  await broker.declare([{ name: 'test.again', routing_keys: ['test.again'] }]);
  const attempts: number[] = [];
  const entered = new Set<number>();
  const consumption = broker.consume({
    queue: 'test.again',
    batch_max: 10,
    async handle(batch) {
      attempts.push(...batch.map((delivery) => delivery.attempts));
      for (const { enqueued_at, routing_key } of batch) if (routing_key === 'test.again') entered.add(enqueued_at);
      return batch.map(({ attempts }) => (attempts < 3 ? { kind: 'retry', delay_ms: 1 } : { kind: 'done' }));
    },
  });
  await broker.publish([{ ...outgoing(completed()), routing_key: 'test.again' }]);
  await until(() => (attempts.length === 4 ? undefined : `${attempts.length} attempts`));
  assert.deepEqual(attempts, [0, 1, 2, 3]);
  assert.equal(entered.size, 1, 'the time of entry and the routing key stay');
  await consumption.close();
});

test('a queue is drained up to what is in hand or waits for a retry, and up to now when nothing is', async () => {
  await broker.declare([{ name: 'test.drained', routing_keys: ['test.drained'] }]);
  let tries = 0;
  const consumption = broker.consume({
    queue: 'test.drained',
    batch_max: 10,
    async handle(batch) {
      tries += 1;
      return batch.map(({ attempts }) => (attempts === 0 ? { kind: 'retry', delay_ms: 2_000 } : { kind: 'done' }));
    },
  });
  await until(() => (consumption.processedUntil() > 0 ? undefined : 'never looked at'));
  const published_at = Date.now();
  await broker.publish([{ ...outgoing(completed()), routing_key: 'test.drained' }]);
  await until(() => (tries === 1 ? undefined : 'not tried'));
  while (tries === 1) {
    assert.ok(consumption.processedUntil() <= published_at + 100, 'never beyond the message that waits');
    await until(() => (tries > 1 || Date.now() % 50 < 10 ? undefined : 'waiting'));
  }
  await until(() => (consumption.processedUntil() > published_at + 200 ? undefined : 'not drained'));
  await consumption.close();
});

test('what the broker itself moves, it moves at least once: read back from the queues', async () => {
  await broker.declare([{ name: queue, routing_keys: ['order.completed'] }]);
  const listed = await rabbit.ctl('list_queues', 'name', 'arguments', '--formatter', 'json');
  const table = JSON.parse(listed) as { name: string; arguments: [string, string, unknown][] | Record<string, unknown> }[];
  const argumentsOf = (name: string): Record<string, unknown> => {
    const found = table.find((row) => row.name === name)?.arguments ?? {};
    return Array.isArray(found) ? Object.fromEntries(found.map(([key, , value]) => [key, value])) : found;
  };
  for (const delay_ms of retryDelaysMs) assert.deepEqual(argumentsOf(`retry.${delay_ms}`), queueArguments.retry(delay_ms));
  const work = argumentsOf(queue);
  assert.deepEqual(work, queueArguments.work(queue));
  assert.equal(work['x-dead-letter-strategy'], 'at-least-once');
  assert.equal(work['x-overflow'], 'reject-publish');
  assert.deepEqual(argumentsOf(`${queue}.dead`), queueArguments.dead());
});

test('installations that share a virtual host receive nothing of each other, retries and dead letters included', async () => {
  const neighbours = ['alpha', 'beta'].map((installation) => ({
    installation,
    received: [] as string[],
    broker: openRabbitBroker({ url: rabbit.url, installation, log, clock: systemClock, ids: systemIds, settling_ms: 0 }),
  }));
  for (const { installation, received, broker: own } of neighbours) {
    await own.declare([{ name: 'test.shared', routing_keys: ['order.completed'] }]);
    await own.subscribe(['order.*'], ({ body }) => void received.push(`${installation} broadcast ${JSON.parse(body).user_id}`));
    own.consume({
      queue: 'test.shared',
      batch_max: 10,
      async handle(batch) {
        return batch.map(({ attempts, body }) => {
          received.push(`${installation} ${attempts} ${JSON.parse(Buffer.from(body as Uint8Array).toString()).user_id}`);
          return attempts === 0 ? { kind: 'retry', delay_ms: 500 } : { kind: 'dead', reason: 'test', detail: installation };
        });
      },
    });
    own.consume({
      queue: 'test.shared.dead',
      batch_max: 10,
      async handle(batch) {
        for (const { headers } of batch) received.push(`${installation} dead ${headers['x-souk-detail']}`);
        return batch.map(() => ({ kind: 'done' }) as const);
      },
    });
  }
  const ids = neighbours.map(() => systemIds.uuid());
  for (const [index, { broker: own }] of neighbours.entries()) await own.publish([outgoing(completed(ids[index]))]);
  const expected = (installation: string, id = ''): string[] =>
    [
      `${installation} broadcast ${id}`,
      `${installation} 0 ${id}`,
      `${installation} 1 ${id}`,
      `${installation} dead ${installation}`,
    ].sort();
  for (const { received } of neighbours) await until(() => (received.length >= 4 ? undefined : received.join()));
  for (const [index, { installation, received }] of neighbours.entries())
    assert.deepEqual(received.sort(), expected(installation, ids[index]));
  for (const { broker: own } of neighbours) await own.close();
});

test('a queue with other arguments is named with the argument, once, and everything else works', async (t) => {
  const channel = await direct.createChannel();
  await channel.assertQueue('test.other', { durable: true, arguments: { ...queueArguments.work('test.other'), 'x-delivery-limit': 3 } });
  const mine = open();
  t.after(() => mine.close());
  const declared = [
    { name: 'test.other', routing_keys: ['test.other'] },
    { name: 'test.fine', routing_keys: ['test.fine'] },
  ];
  const expected = { code: 'config_invalid', message: /queue test\.other exists in RabbitMQ with another x-delivery-limit/ };
  await assert.rejects(mine.declare(declared), expected);
  await assert.rejects(mine.declare(declared), expected);
  assert.equal(said.filter(({ level, message }) => level === 'error' && expected.message.test(message)).length, 1);
  await mine.declare([{ name: 'test.fine', routing_keys: ['test.fine'] }]);
  assert.deepEqual(await mine.publish([{ ...outgoing(completed()), routing_key: 'test.fine' }]), ['confirmed']);
});

test('a wrong password, virtual host or port is said once without the password, and the process goes on', async (t) => {
  const wrong = new URL(rabbit.url);
  wrong.password = 'not-the-secret';
  const addresses: [string, RegExp][] = [
    [wrong.href, /user name or password is wrong/],
    [`${rabbit.url}/nowhere`, /virtual host does not exist/],
    ['amqp://souk:not-the-secret@127.0.0.1:1', /ECONNREFUSED/],
  ];
  for (const [url, cause] of addresses) {
    said.length = 0;
    const mine = open(url);
    t.after(() => mine.close());
    const reported = () => said.filter(({ fields }) => cause.test((fields as { cause?: string }).cause ?? ''));
    await until(() => (reported().length === 2 ? undefined : `said ${JSON.stringify(said)}`));
    assert.equal(mine.connected(), false);
    await assert.rejects(mine.publish([outgoing(completed())]), { code: 'broker_unavailable' });
    await mine.close();
    assert.equal(said.length, 2, 'one line for each connection');
    assert.ok(!JSON.stringify(said).includes('not-the-secret'));
  }
  assert.throws(
    () => open('postgres://secret@host'),
    (error: Error) => !error.message.includes('secret'),
  );
});

test('a deleted queue is declared anew without a restart, and messages carry their time', async () => {
  const name = 'test.deleted';
  const key = `t${systemIds.uuid()}.deleted`;
  await broker.declare([{ name, routing_keys: [key] }]);
  const got: string[] = [];
  const consumption = broker.consume({
    queue: name,
    batch_max: 10,
    async handle(batch) {
      got.push(...batch.map((delivery) => String(delivery.body)));
      return batch.map(() => ({ kind: 'done' }) as const);
    },
  });
  await until(() => (consumption.attached() ? undefined : 'not attached'));
  const channel = await direct.createChannel();
  await channel.deleteQueue(name);
  const message = (body: string): Outgoing => ({ ...outgoing(completed()), routing_key: key, body });
  await until(async () => ((await broker.publish([message('after')]))[0] === 'confirmed' ? undefined : 'it reaches no queue'), 20_000);
  await until(() => (got.includes('after') ? undefined : 'nothing is consumed'), 20_000);
  assert.ok(said.some(({ message: text, fields }) => text.includes('declared anew') && (fields as { queue?: string }).queue === name));
  await consumption.close();
  await broker.publish([message('timed')]);
  const raw = await channel.get(name, { noAck: true });
  assert.ok(raw !== false && Math.abs(raw.properties.timestamp - Date.now() / 1_000) < 60);
  await channel.close();
});
