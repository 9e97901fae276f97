/** Several addresses of one cluster, each behind a door of its own that counts and can be shut; and a broker that hangs. */
import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { pause, required, silentLog, systemClock, systemIds, withDeadline } from '@souk/kernel';
import { openRabbitBroker } from '@souk/messaging';
import { startTestRabbitMq, until } from '@souk/messaging/testing';

const rabbit = await startTestRabbitMq();
after(() => rabbit.close());

/** Of everything a close waits for: an attempt to connect, the loops, the broker's answer. */
const closeLimitMs = 20_000;

interface Door {
  url: string;
  open(): number;
  shut(): Promise<void>;
}

async function aDoor(): Promise<Door> {
  const sockets = new Set<Socket>();
  let open = 0;
  const server = createServer((client) => {
    const upstream = connect({ port: rabbit.port, host: '127.0.0.1' });
    open += 1;
    client.once('close', () => (open -= 1));
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = new URL(rabbit.url);
  url.port = String(typeof address === 'object' ? address?.port : '');
  return {
    url: url.href,
    open: () => open,
    shut() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      return closed;
    },
  };
}

test('of several nodes one is for publishing and one for consuming, and one that is gone is left for the other', async () => {
  const [one, two] = [await aDoor(), await aDoor()];
  const broker = openRabbitBroker({ url: `${one.url},${two.url}`, log: silentLog, clock: systemClock, ids: systemIds });
  try {
    await broker.declare([{ name: 'test.nodes', routing_keys: ['test.nodes'] }]);
    assert.deepEqual([one.open(), two.open()], [1, 1], 'one connection each');
    await one.shut();
    await until(() => (broker.connected() && two.open() === 2 ? undefined : `${two.open()} connections to the other`), 20_000);
    const message = { message_id: systemIds.uuid(), routing_key: 'test.nodes', body: '{}', correlation_id: systemIds.uuid() };
    assert.deepEqual(await broker.publish([{ ...message, headers: {}, mandatory: true }]), ['confirmed']);
  } finally {
    await broker.close();
    await two.shut();
  }
});

test('a connection closes at every moment of its being made', async () => {
  // A process that is done before it is connected, such as a seed with nothing to do, ended only by a kill.
  for (const waits_ms of Array.from({ length: 60 }, (_, place) => place)) {
    const broker = openRabbitBroker({ url: rabbit.url, log: silentLog, clock: systemClock, ids: systemIds });
    await pause(waits_ms);
    await withDeadline(broker.close(), closeLimitMs);
  }
});

test('a connection to a broker that hangs closes as well', async () => {
  const broker = openRabbitBroker({ url: rabbit.url, log: silentLog, clock: systemClock, ids: systemIds });
  await until(() => (broker.connected() ? undefined : 'not connected'));
  const group = required(rabbit.pid(), 'the process group of RabbitMQ');
  process.kill(-group, 'SIGSTOP');
  try {
    await withDeadline(broker.close(), closeLimitMs);
  } finally {
    process.kill(-group, 'SIGCONT');
  }
});

test('a broker that hangs is told by a process that publishes and consumes nothing, long before its connection ends', async () => {
  const broker = openRabbitBroker({ url: rabbit.url, log: silentLog, clock: systemClock, ids: systemIds, guard_ms: 200 });
  try {
    await until(() => (broker.connected() ? undefined : 'not connected'));
    assert.deepEqual(broker.incidents(), []);
    const group = required(rabbit.pid(), 'the process group of RabbitMQ');
    process.kill(-group, 'SIGSTOP');
    try {
      await until(() => (broker.incidents().includes('RabbitMQ does not answer') ? undefined : 'nothing is told'), 10_000);
      assert.ok(broker.connected(), 'the connection still stands');
    } finally {
      process.kill(-group, 'SIGCONT');
    }
    await until(() => (broker.connected() && broker.incidents().length === 0 ? undefined : broker.incidents().join()), 30_000);
  } finally {
    await broker.close();
  }
});
