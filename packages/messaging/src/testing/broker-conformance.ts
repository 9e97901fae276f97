/** What every broker adapter must do; the same suite runs over the embedded broker and over RabbitMQ. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { systemIds } from '@souk/kernel';
import type { Broker, Delivery, Outgoing, Settlement } from '../broker.ts';
import { anEnvelope } from './an-event.ts';
import { completedOrder, consumerWithDatabase } from './consumer-with-database.ts';
import { until } from './until.ts';

export interface BrokerUnderTest {
  /** A new connection to the same broker, as another process would have it. */
  open(): Promise<Broker>;
  close(): Promise<void>;
}

function aMessage(routing_key: string, overrides: Partial<Outgoing> = {}): Outgoing {
  const message_id = systemIds.uuid();
  return {
    message_id,
    routing_key,
    body: JSON.stringify({ message_id }),
    correlation_id: systemIds.uuid(),
    headers: { event_type: routing_key },
    mandatory: true,
    ...overrides,
  };
}

const done = (batch: readonly Delivery[]): Settlement[] => batch.map(() => ({ kind: 'done' }));

/** Registers the suite of tests for an adapter; `start` makes an empty broker, once for the whole suite. */
export function brokerConformance(name: string, start: () => Promise<BrokerUnderTest>): void {
  describe(`${name} keeps the promises of a broker`, () => {
    let under: BrokerUnderTest;
    let publisher: Broker;
    let consumer: Broker;
    before(async () => {
      under = await start();
      publisher = await under.open();
      consumer = await under.open();
    });
    after(async () => {
      await publisher.close();
      await consumer.close();
      await under.close();
    });

    const aQueue = async (...routing_keys: string[]): Promise<string> => {
      const queue = `test.q-${systemIds.uuid()}`;
      const declaration = [{ name: queue, routing_keys }];
      await publisher.declare(declaration);
      await consumer.declare(declaration);
      return queue;
    };
    const collect = (queue: string, settle: (batch: readonly Delivery[]) => Settlement[] = done, broker = consumer) => {
      const got: Delivery[] = [];
      const consumption = broker.consume({
        queue,
        batch_max: 50,
        async handle(batch) {
          got.push(...batch);
          return settle(batch);
        },
      });
      return { got, consumption };
    };
    const arrived = (got: readonly Delivery[], count: number) =>
      until(() => (got.length >= count ? undefined : `${got.length} of ${count} arrived`));

    test('a confirmed message reaches every queue bound to its key, with id, headers and body', async () => {
      const key = `t${systemIds.uuid()}.happened`;
      const queues = [await aQueue(key), await aQueue(key)];
      const message = aMessage(key);
      assert.deepEqual(await publisher.publish([message]), ['confirmed']);
      for (const queue of queues) {
        const { got, consumption } = collect(queue);
        await arrived(got, 1);
        assert.equal(got[0]?.message_id, message.message_id);
        assert.equal(got[0]?.routing_key, key);
        assert.equal(got[0]?.headers['event_type'], key);
        assert.equal(String(got[0]?.body), message.body);
        assert.equal(got[0]?.attempts, 0);
        await consumption.close();
      }
    });

    test('a mandatory message without a queue is unroutable, another is not', async () => {
      const key = `t${systemIds.uuid()}.unheard`;
      assert.deepEqual(await publisher.publish([aMessage(key), aMessage(key, { mandatory: false })]), ['unroutable', 'confirmed']);
    });

    test('a queue bound with wildcards gets what matches, once for each message', async () => {
      const word = `t${systemIds.uuid()}`;
      const one = await aQueue(`${word}.*`);
      const any = await aQueue(`${word}.#`, `${word}.a.*`, `${word}.a`);
      const last = await aQueue(`#.${word}`);
      const inside = await aQueue(`${word}.#.z`);
      const keys = [word, `${word}.a`, `${word}.a.b`, `${word}.a.b.z`, `${word}.z`, `x.y.${word}`];
      assert.deepEqual(await publisher.publish([...keys, `x${word}.a`].map((key) => aMessage(key))), [
        ...keys.map(() => 'confirmed'),
        'unroutable',
      ]);
      const expected: [string, string[]][] = [
        [one, [`${word}.a`, `${word}.z`]],
        [any, keys.slice(0, 5)],
        [last, [word, `x.y.${word}`]],
        [inside, [`${word}.a.b.z`, `${word}.z`]],
      ];
      for (const [queue, matching] of expected) {
        const { got, consumption } = collect(queue);
        await arrived(got, matching.length);
        await consumption.close();
        assert.deepEqual(got.map((delivery) => delivery.routing_key).sort(), [...matching].sort());
      }
    });

    test('messages published before their consumer is there wait for it', async () => {
      const key = `t${systemIds.uuid()}.early`;
      const queue = await aQueue(key);
      await publisher.publish(Array.from({ length: 120 }, () => aMessage(key)));
      const { got, consumption } = collect(queue);
      await arrived(got, 120);
      assert.equal(new Set(got.map((delivery) => delivery.message_id)).size, 120);
      await consumption.close();
    });

    test('two consumers of a queue share its messages', async () => {
      const key = `t${systemIds.uuid()}.shared`;
      const queue = await aQueue(key);
      const one = collect(queue);
      const other = collect(queue, done, publisher);
      await publisher.publish(Array.from({ length: 200 }, () => aMessage(key)));
      await until(() => (one.got.length + other.got.length >= 200 ? undefined : 'not all arrived'));
      const ids = new Set([...one.got, ...other.got].map((delivery) => delivery.message_id));
      assert.equal(ids.size, 200);
      assert.equal(one.got.length + other.got.length, 200);
      await one.consumption.close();
      await other.consumption.close();
    });

    test('a batch whose handler breaks comes again', async () => {
      const key = `t${systemIds.uuid()}.broken`;
      const queue = await aQueue(key);
      let broken = 0;
      const { got, consumption } = collect(queue, (batch) => {
        if (broken++ === 0) throw new Error('the process is out of order');
        return done(batch);
      });
      await publisher.publish([aMessage(key)]);
      await arrived(got, 2);
      assert.equal(got[0]?.message_id, got[1]?.message_id);
      await consumption.close();
    });

    test('a retry comes again after its delay with its attempts counted, and holds up no other message', async () => {
      const key = `t${systemIds.uuid()}.retried`;
      const queue = await aQueue(key);
      const first = aMessage(key);
      const times: number[] = [];
      const { got, consumption } = collect(queue, (batch) =>
        batch.map((delivery) => {
          if (delivery.message_id !== first.message_id) return { kind: 'done' };
          times.push(performance.now());
          return delivery.attempts < 1 ? { kind: 'retry', delay_ms: 500 } : { kind: 'done' };
        }),
      );
      await publisher.publish([first, aMessage(key)]);
      await arrived(got, 3);
      assert.equal(got.at(-1)?.message_id, first.message_id);
      assert.equal(got.at(-1)?.attempts, 1);
      assert.ok((times[1] as number) - (times[0] as number) >= 450, 'the delay was kept');
      await consumption.close();
    });

    test('a dead message waits in the dead queue with its reason', async () => {
      const key = `t${systemIds.uuid()}.dead`;
      const queue = await aQueue(key);
      const { got, consumption } = collect(queue, (batch) =>
        batch.map(() => ({ kind: 'dead', reason: 'event_invalid', detail: 'It was wrong.' })),
      );
      const message = aMessage(key);
      await publisher.publish([message]);
      await arrived(got, 1);
      const dead = collect(`${queue}.dead`);
      await arrived(dead.got, 1);
      assert.equal(dead.got[0]?.message_id, message.message_id);
      assert.equal(dead.got[0]?.headers['x-souk-reason'], 'event_invalid');
      assert.equal(dead.got[0]?.headers['x-souk-detail'], 'It was wrong.');
      assert.equal(dead.got[0]?.attempts, 1);
      await consumption.close();
      await dead.consumption.close();
    });

    test('a replay goes into one queue only, attempts at zero', async () => {
      const key = `t${systemIds.uuid()}.replayed`;
      const [queue, other] = [await aQueue(key), await aQueue(key)];
      await publisher.publishTo(queue, [aMessage(key)]);
      const one = collect(queue);
      await arrived(one.got, 1);
      assert.equal(one.got[0]?.attempts, 0);
      const stats = await publisher.stats();
      assert.equal(stats.find((row) => row.queue === other)?.ready, 0);
      await one.consumption.close();
    });

    test('a broadcast is received by every instance that listens, in this and in other processes', async () => {
      const key = `t${systemIds.uuid()}.cast`;
      await aQueue(key);
      const received: string[] = [];
      const endings = await Promise.all([
        publisher.subscribe([`${key.split('.')[0]}.*`], () => received.push('own')),
        consumer.subscribe([key], () => received.push('other')),
      ]);
      await until(async () => {
        await publisher.publish([aMessage(key)]);
        return received.includes('own') && received.includes('other') ? undefined : `received by ${received.join()}`;
      });
      await Promise.all(endings.map((end) => end()));
    });

    test('stats show what waits in a queue and for how long', async () => {
      const key = `t${systemIds.uuid()}.counted`;
      const queue = await aQueue(key);
      await publisher.publish([aMessage(key), aMessage(key)]);
      await until(async () => ((await consumer.stats()).find((row) => row.queue === queue)?.ready === 2 ? undefined : 'not two ready'));
    });

    test('a consumer whose database is away uses up no attempt, is not attached, and resumes by itself', async () => {
      const key = `t${systemIds.uuid()}.waiting`;
      const queue = await aQueue(key);
      const { handle, database, handled } = consumerWithDatabase();
      const settled: Settlement[] = [];
      const consumption = consumer.consume({
        queue,
        batch_max: 50,
        async handle(batch) {
          const settlements = await handle(batch);
          settled.push(...settlements);
          return settlements;
        },
      });
      await publisher.publish([aMessage(key, { body: JSON.stringify(anEnvelope('order.completed', completedOrder)) })]);
      await until(() => (database.refused >= 6 && !consumption.attached() ? undefined : `refused ${database.refused} times`));
      assert.deepEqual(settled, [], 'nothing is settled while the database is away');
      database.away = false;
      await until(() => (handled.length === 1 && consumption.attached() ? undefined : 'not resumed'));
      await consumption.close();
      assert.deepEqual(settled, [{ kind: 'done' }]);
      const dead = collect(`${queue}.dead`);
      await until(async () => ((await consumer.stats([queue]))[0]?.ready === 0 ? undefined : 'messages wait'));
      assert.equal(dead.got.length, 0);
      await dead.consumption.close();
    });

    test('a closed consumer takes nothing more', async () => {
      const key = `t${systemIds.uuid()}.closed`;
      const queue = await aQueue(key);
      const { got, consumption } = collect(queue);
      await publisher.publish([aMessage(key)]);
      await arrived(got, 1);
      await consumption.close();
      await publisher.publish([aMessage(key)]);
      const next = collect(queue);
      await arrived(next.got, 1);
      assert.equal(got.length, 1);
      await next.consumption.close();
    });
  });
}
