/** Connections to RabbitMQ that end at every moment of their beginning. */
import assert from 'node:assert/strict';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { retry, silentLog, systemClock, systemIds } from '@souk/kernel';
import { openRabbitBroker } from '@souk/messaging';
import { freshVirtualHost, until } from '@souk/messaging/testing';

const host = await freshVirtualHost();
after(() => host.close());

/** A way to RabbitMQ over which the first two connections end after so many pieces of what it says. */
async function cutAfter(pieces: number): Promise<{ url: string; cuts(): number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const target = { port: Number(new URL(host.url).port), host: '127.0.0.1', noDelay: true };
  let connections = 0;
  let cuts = 0;
  const server = createServer((client) => {
    let left = connections++ < 2 ? pieces : Number.POSITIVE_INFINITY;
    const upstream = connect(target);
    client.on('data', (chunk) => void upstream.write(chunk));
    upstream.on('data', (chunk) => {
      if (left-- > 0) return void client.write(chunk);
      cuts += 1;
      client.destroy();
    });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('close', () => other.destroy()).on('error', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const way = new URL(host.url);
  way.port = String((server.address() as AddressInfo).port);
  return {
    url: way.href,
    cuts: () => cuts,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const queues = Array.from({ length: 8 }, (_, index) => ({ name: `test.cut-${index}`, routing_keys: [`test.cut-${index}`] }));
/** Less than a request that is never answered is waited for (30 s). */
const comesBackMs = 15_000;

for (const pieces of [0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 28, 35])
  test(`connections that end after ${pieces} answers come back: queues are declared, messages and broadcasts arrive`, async (t) => {
    const proxy = await cutAfter(pieces);
    const broker = openRabbitBroker({ url: proxy.url, log: silentLog, clock: systemClock, ids: systemIds, settling_ms: 0 });
    t.after(async () => {
      await broker.close();
      await proxy.close();
    });
    const received: string[] = [];
    const arrived = new Set<string>();
    const subscribed = retry(() => broker.subscribe(['test.#'], ({ routing_key }) => void received.push(routing_key)), {
      first_ms: 20,
      most_ms: 100,
    });
    const declared = retry(() => broker.declare(queues), { first_ms: 20, most_ms: 100 });
    const consumptions = queues.map(({ name }) =>
      broker.consume({
        queue: name,
        batch_max: 10,
        async handle(batch) {
          for (const { routing_key } of batch) arrived.add(routing_key);
          return batch.map(() => ({ kind: 'done' }) as const);
        },
      }),
    );
    let done = false;
    void Promise.all([subscribed, declared]).then(() => {
      done = true;
    });
    await until(() => (done ? undefined : 'it waits for an answer that never comes'), comesBackMs);
    await until(async () => {
      const messages = queues.map(({ name }) => ({
        message_id: systemIds.uuid(),
        routing_key: name,
        body: '{}',
        correlation_id: systemIds.uuid(),
        headers: {},
        mandatory: true,
      }));
      await broker.publish(messages).catch(() => undefined);
      const missing = queues.filter(({ name }) => !arrived.has(name)).length;
      return missing === 0 && received.length > 0 ? undefined : `${missing} queues deliver nothing, ${received.length} broadcasts`;
    }, comesBackMs);
    assert.ok(consumptions.every((consumption) => consumption.attached()));
    t.diagnostic(`${proxy.cuts()} connections were cut`);
  });
