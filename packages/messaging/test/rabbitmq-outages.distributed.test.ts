import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { pause, silentLog, systemClock, systemIds } from '@souk/kernel';
import { type Broker, openRabbitBroker } from '@souk/messaging';
import { startTestRabbitMq, until } from '@souk/messaging/testing';

const rabbit = await startTestRabbitMq();
const open = () =>
  openRabbitBroker({ url: rabbit.url, log: silentLog, clock: systemClock, ids: systemIds, settling_ms: 0, confirm_timeout_ms: 2_000 });
const publisher = open();
const consumer = open();
const outageLimitMs = 40_000;

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

/** Publishes without end, each message until it is confirmed, as a relay does. */
function publishSteadily(broker: Broker, key: string): { confirmed: Set<string>; refused(): number; stop(): Promise<void> } {
  const confirmed = new Set<string>();
  const stopping = new AbortController();
  let refused = 0;
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const batch = Array.from({ length: 10 }, () => message(key));
      for (let sent = false; !sent; ) {
        if (stopping.signal.aborted) return;
        try {
          const outcomes = await broker.publish(batch);
          sent = outcomes.every((outcome) => outcome === 'confirmed');
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'broker_unavailable');
          refused += 1;
          await pause(20);
        }
      }
      for (const { message_id } of batch) confirmed.add(message_id);
      await pause(5);
    }
  };
  const running = run();
  const stop = (): Promise<void> => {
    stopping.abort();
    return running;
  };
  return { confirmed, refused: () => refused, stop };
}

/** Runs the outage under load and answers how many messages came more than once; none may be missing. */
async function survives(name: string, outage: () => Promise<void>): Promise<number> {
  await publisher.declare([{ name, routing_keys: [name] }]);
  const times = new Map<string, number>();
  const consumption = consumer.consume({
    queue: name,
    batch_max: 20,
    async handle(batch) {
      for (const { message_id } of batch) times.set(message_id as string, (times.get(message_id as string) ?? 0) + 1);
      return batch.map(() => ({ kind: 'done' }) as const);
    },
  });
  const load = publishSteadily(publisher, name);
  try {
    await until(() => (times.size > 100 ? undefined : 'no load yet'));
    await outage();
    const during = load.confirmed.size;
    await until(
      () => (load.confirmed.size > during + 200 && publisher.connected() && consumption.attached() ? undefined : 'not back'),
      outageLimitMs,
    );
    await load.stop();
    await until(() => {
      const missing = [...load.confirmed].filter((id) => !times.has(id)).length;
      return missing === 0 ? undefined : `${missing} missing`;
    }, outageLimitMs);
  } finally {
    await load.stop();
    await consumption.close();
  }
  return [...times.values()].filter((count) => count > 1).length;
}

test('connections closed by force come back by themselves, nothing is lost, and subscribers get to know of the gap', async (t) => {
  let gaps = 0;
  const unsubscribe = await consumer.subscribe(
    ['test.forced'],
    () => undefined,
    () => {
      gaps += 1;
    },
  );
  assert.equal(gaps, 0, 'none at the beginning');
  const repeated = await survives('test.forced', async () => void (await rabbit.ctl('close_all_connections', 'a test')));
  await until(() => (gaps > 0 ? undefined : 'no gap is reported'));
  await unsubscribe();
  t.diagnostic(`${repeated} messages came more than once`);
});

const alarms = {
  memory: { raise: ['set_vm_memory_high_watermark', '0'], clear: ['set_vm_memory_high_watermark', '0.4'] },
  disk: { raise: ['set_disk_free_limit', 'mem_relative', '1000.0'], clear: ['set_disk_free_limit', '1000000'] },
};

for (const [short, { raise, clear }] of Object.entries(alarms))
  test(`a broker short of ${short} takes no messages but gives them, and everything goes on when it has room again`, async () => {
    const queue = `test.${short}`;
    await publisher.declare([{ name: queue, routing_keys: [queue] }]);
    await publisher.publish(Array.from({ length: 300 }, () => message(queue)));
    await rabbit.ctl(...raise);
    await until(async () => {
      const outcome = await publisher.publish([message(queue)]).catch((error: { code: string }) => error.code);
      return outcome === 'broker_unavailable' ? undefined : 'still taken';
    });
    await until(() => (publisher.connected() ? 'counts as connected' : undefined));
    let handled = 0;
    const consumption = consumer.consume({
      queue,
      batch_max: 20,
      async handle(batch) {
        handled += batch.length;
        return batch.map(() => ({ kind: 'done' }) as const);
      },
    });
    await until(() => (handled >= 300 ? undefined : `${handled} handled`));
    await until(async () => ((await consumer.stats()).every(({ ready }) => ready === 0) ? undefined : 'not acknowledged'));
    await rabbit.ctl(...clear);
    await until(async () => ((await publisher.publish([message(queue)]).catch(() => undefined)) ? undefined : 'still blocked'));
    assert.ok(publisher.connected());
    await consumption.close();
  });

test('a broker restarted under load loses nothing', async (t) => {
  const repeated = await survives('test.restarted', () => rabbit.restart());
  t.diagnostic(`${repeated} messages came more than once`);
});
