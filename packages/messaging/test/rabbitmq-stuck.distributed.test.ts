/**
 * A queue that is stuck while the broker is there, as it happens to quorum queues after crashes: its process hangs, or it has none.
 * What Souk owes then: the others go on, it is told, nothing is lost, and everything is well again when the queue is.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { silentLog, systemClock, systemIds } from '@souk/kernel';
import { type Broker, type Consumption, openRabbitBroker } from '@souk/messaging';
import { startTestRabbitMq, until } from '@souk/messaging/testing';

const rabbit = await startTestRabbitMq();
const limits = { settling_ms: 0, confirm_timeout_ms: 1_000, guard_ms: 200 };
const open = (): Broker => openRabbitBroker({ url: rabbit.url, log: silentLog, clock: systemClock, ids: systemIds, ...limits });
const publisher = open();
const consumer = open();
const healLimitMs = 60_000;
const batch_max = 5;

after(async () => {
  await publisher.close();
  await consumer.close();
  await rabbit.close();
});

const message = (routing_key: string) => ({
  message_id: systemIds.uuid(),
  routing_key,
  body: '{}',
  correlation_id: systemIds.uuid(),
  headers: {},
  mandatory: true,
});

interface Listener {
  times: Map<string, number>;
  consumption: Consumption;
}

async function listen(name: string): Promise<Listener> {
  await publisher.declare([{ name, routing_keys: [name] }]);
  const times = new Map<string, number>();
  const consumption = consumer.consume({
    queue: name,
    batch_max,
    async handle(batch) {
      for (const { message_id } of batch) times.set(message_id as string, (times.get(message_id as string) ?? 0) + 1);
      return batch.map(() => ({ kind: 'done' }) as const);
    },
  });
  await until(() => (consumption.attached() ? undefined : `${name} is not attached`));
  return { times, consumption };
}

/** Publishes until it is confirmed, as a relay does with what stays in its outbox. */
async function publishAtLast(sent: ReturnType<typeof message>): Promise<void> {
  await until(
    async () => ((await publisher.publish([sent]).catch(() => []))[0] === 'confirmed' ? undefined : 'not confirmed'),
    healLimitMs,
  );
}

const arrives = ({ times }: Listener, { message_id }: { message_id: string }): Promise<void> =>
  until(() => (times.has(message_id) ? undefined : 'not delivered'), healLimitMs);

const process = (queue: string): string => `whereis('%2F_${queue}')`;
const server = (queue: string): string => `{'%2F_${queue}', node()}`;

test('a queue that hangs holds up no other, is reported, and goes on when it can', async () => {
  const [stuck, well] = [await listen('test.hanging'), await listen('test.well')];
  await rabbit.ctl('eval', `sys:suspend(${process('test.hanging')}).`);
  const [held, beside] = [message('test.hanging'), message('test.well')];
  assert.equal((await publisher.publish([held, beside]))[0], 'unconfirmed');
  // RabbitMQ may have held up what came after it over the same channel, this once.
  await publishAtLast(beside);
  // From now on nobody waits for it, and the window does not fill up with what is not confirmed.
  const many = Array.from({ length: 3_000 }, () => message('test.hanging'));
  assert.deepEqual(new Set(await publisher.publish(many)), new Set(['unconfirmed']));
  const meanwhile = message('test.well');
  assert.deepEqual(await publisher.publish([meanwhile]), ['confirmed']);
  await arrives(well, meanwhile);
  await assert.rejects(publisher.publishTo('test.hanging', [held]), { code: 'broker_unavailable' });
  assert.ok(publisher.connected());
  assert.match(publisher.incidents().join(), /test\.hanging is taken by RabbitMQ and not confirmed/);
  await rabbit.ctl('eval', `sys:resume(${process('test.hanging')}).`);
  await publishAtLast(held);
  await arrives(stuck, held);
  await until(() => publisher.incidents()[0], healLimitMs);
  await Promise.all([stuck.consumption.close(), well.consumption.close()]);
});

test('a queue without a leader, for which RabbitMQ ends connections, costs the other consumers nothing for long', async () => {
  const [gone, well] = [await listen('test.leaderless'), await listen('test.beside')];
  await rabbit.ctl('eval', `ra:stop_server(quorum_queues, ${server('test.leaderless')}).`);
  await rabbit.ctl('close_all_connections', 'a test');
  await until(
    () => (consumer.incidents().some((incident) => incident.startsWith('test.leaderless')) ? undefined : 'not reported'),
    healLimitMs,
  );
  for (let round = 0; round < 20; round += 1) {
    const sent = message('test.beside');
    await publishAtLast(sent);
    await arrives(well, sent);
  }
  assert.ok(well.consumption.attached());
  assert.equal(gone.consumption.attached(), false);
  await rabbit.ctl('eval', `ra:restart_server(quorum_queues, ${server('test.leaderless')}).`);
  const last = message('test.leaderless');
  await publishAtLast(last);
  await arrives(gone, last);
  await until(() => consumer.incidents()[0], healLimitMs);
  await Promise.all([gone.consumption.close(), well.consumption.close()]);
});

test('a consumer to whom nothing is delivered although messages wait is attached anew', async () => {
  const silent = await listen('test.silent');
  const consumers = await rabbit.ctl('list_consumers', 'queue_name', 'channel_pid');
  const pid = /test\.silent\s+(<\S+>)/.exec(consumers)?.[1];
  assert.ok(pid, consumers);
  await rabbit.ctl('eval', `sys:suspend(rabbit_misc:string_to_pid("${pid}")).`);
  // More than the broker may hand over at once.
  const sent = Array.from({ length: 40 }, () => message('test.silent'));
  assert.deepEqual(new Set(await publisher.publish(sent)), new Set(['confirmed']));
  // Those that the silent channel has got already come back when it ends.
  await until(() => (silent.times.size >= sent.length - 2 * batch_max ? undefined : `${silent.times.size} delivered`), healLimitMs);
  await rabbit.ctl('eval', `sys:resume(rabbit_misc:string_to_pid("${pid}")).`);
  for (const each of sent) await arrives(silent, each);
  await until(() => (silent.consumption.attached() ? undefined : 'not attached'), healLimitMs);
  await silent.consumption.close();
});
