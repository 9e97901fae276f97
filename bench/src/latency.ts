/**
 * How long an event takes from the commit that makes it true to the handler that receives it, through outbox, relay and
 * RabbitMQ; against the shortest way there is on the same broker: publish to a quorum queue, confirmed and consumed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  orderCancelled,
  orderCompleted,
  orderConfirmed,
  orderParcelSent,
  orderShipped,
  paymentRefunded,
  returnUpdated,
} from '@souk/contracts';
import { pause, silentLog, silentMetrics, systemClock, systemIds } from '@souk/kernel';
import { startLocalRabbitMq } from '@souk/local-servers/rabbitmq';
import { createMessaging, defineConsumer, draft, messagingMigrations, openRabbitBroker } from '@souk/messaging';
import { openDatabase } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';
import { connect } from 'amqplib';

export interface LatencyMeasurements {
  raw_p50_ms: number;
  own_p50_ms: number;
}

const rounds = 400;
/** About half of what the machine could do: the broker is warm and no queue builds up. */
const pauseMs = 5;

/** Measures both on one local broker, one message at a time. */
export async function measureLatency(home: string): Promise<LatencyMeasurements> {
  const folder = await mkdtemp(join(home || tmpdir(), 'latency-'));
  const rabbit = await startLocalRabbitMq({ folder, log: silentLog, environment: process.env });
  try {
    return { raw_p50_ms: await rawRoundTrip(rabbit.url), own_p50_ms: await commitToHandler(rabbit.url) };
  } finally {
    await rabbit.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function rawRoundTrip(url: string): Promise<number> {
  // Without it the client waits for the broker's acknowledgement of each packet, and 40 ms are measured.
  const connection = await connect(url, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  const queue = `raw-${systemIds.uuid()}`;
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  let onMessage: () => void = () => undefined;
  await channel.consume(queue, (message) => {
    if (message) channel.ack(message);
    onMessage();
  });
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    const arrived = new Promise<void>((resolve) => {
      onMessage = resolve;
    });
    channel.sendToQueue(queue, Buffer.from('{}'), { persistent: true });
    await Promise.all([channel.waitForConfirms(), arrived]);
    times.push(performance.now() - started);
    await pause(pauseMs);
  }
  await connection.close();
  return median(times);
}

async function commitToHandler(url: string): Promise<number> {
  const database = await freshDatabase({ folders: [messagingMigrations] });
  const db = openDatabase({ url: database.url, application_name: 'souk-bench', pool_max: 4, log: silentLog });
  const broker = await openRabbitBroker({ url, log: silentLog, clock: systemClock, ids: systemIds });
  const options = { db, broker, clock: systemClock, ids: systemIds, log: silentLog, metrics: silentMetrics, code_version: 'bench' };
  const messaging = createMessaging({ service: 'notifications', ...options });
  let onMessage: () => void = () => undefined;
  const consumer = defineConsumer({
    queue: 'notifications.notify-customer',
    events: [orderConfirmed, orderCancelled, orderShipped, orderParcelSent, orderCompleted, paymentRefunded, returnUpdated],
    deduplicate: 'inbox',
    handle: async (_context: object) => onMessage(),
  });
  await messaging.start([consumer], {});
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const arrived = new Promise<void>((resolve) => {
      onMessage = resolve;
    });
    const event = draft(
      orderCompleted,
      { order_id: systemIds.uuid(), order_version: 5, user_id: systemIds.uuid() },
      { correlation_id: systemIds.uuid() },
    );
    await db.transaction((tx) => messaging.outbox.append(tx, [event]));
    const committed = performance.now();
    await arrived;
    times.push(performance.now() - committed);
    await pause(pauseMs);
  }
  await messaging.stop();
  await broker.close();
  await db.close();
  await database.drop();
  return median(times);
}

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
