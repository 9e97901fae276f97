import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import {
  type AnyEvent,
  orderCancelled,
  orderCompleted,
  orderConfirmed,
  orderParcelSent,
  orderShipped,
  paymentRefunded,
  refusal,
  returnUpdated,
} from '@souk/contracts';
import { isSampled, silentLog, silentMetrics, systemClock, systemIds, traceIdOf } from '@souk/kernel';
import {
  type Broker,
  causeOf,
  createMessaging,
  type Delivery,
  defineConsumer,
  draft,
  embeddedBrokerMigrations,
  messagingMigrations,
  openEmbeddedBroker,
} from '@souk/messaging';
import { createBatchHandler, until } from '@souk/messaging/testing';
import { openDatabase } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';
import type { SpanAttributes, SpanStart, Tracer } from '@souk/telemetry/tracing';

interface Reported extends SpanStart {
  name: string;
  traceparent: string;
  said: Record<string, string | number | boolean>;
  failed: string | undefined;
  ended: boolean;
}

/** A tracer that records what is sampled, as the port asks. */
function recorder(): { tracer: Tracer; spans: Reported[]; named(name: string): Reported[] } {
  const spans: Reported[] = [];
  const tracer: Tracer = {
    active: true,
    start(name, start = {}) {
      assert.ok(start.parent === undefined || isSampled(start.parent), `${name} was begun below ${start.parent}`);
      const trace_id = start.parent === undefined ? randomBytes(16).toString('hex') : traceIdOf(start.parent);
      const span: Reported = {
        ...start,
        name,
        traceparent: `00-${trace_id}-${randomBytes(8).toString('hex')}-01`,
        said: { ...start.attributes },
        failed: undefined,
        ended: false,
      };
      spans.push(span);
      return {
        traceparent: span.traceparent,
        sampled: true,
        set: (attributes: SpanAttributes) => void Object.assign(span.said, attributes),
        fail(reason) {
          span.failed = reason;
        },
        end() {
          assert.equal(span.ended, false, `${name} ended twice`);
          span.ended = true;
        },
      };
    },
  };
  return { tracer, spans, named: (name) => spans.filter((span) => span.name === name) };
}

const request = (): string => `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
const unsampled = (): string => `${request().slice(0, -2)}00`;
const completed = (traceparent: string) =>
  draft(
    orderCompleted,
    { order_id: systemIds.uuid(), order_version: 5, user_id: systemIds.uuid() },
    { correlation_id: systemIds.uuid(), traceparent },
  );

const brokerDatabase = await freshDatabase({ folders: [embeddedBrokerMigrations] });
const serviceDatabase = await freshDatabase({ folders: [messagingMigrations] });
const db = openDatabase({ url: serviceDatabase.url, application_name: 'test', pool_max: 4, log: silentLog });
const real = openEmbeddedBroker({ url: brokerDatabase.url, log: silentLog, clock: systemClock, ids: systemIds, poll_ms: 20 });
let away = false;
const outgoing: { body: string; traceparent: string | undefined }[] = [];
const broker: Broker = {
  ...real,
  publish(messages) {
    if (away) return Promise.reject(refusal('broker_unavailable'));
    for (const { body, headers } of messages) outgoing.push({ body, traceparent: headers['traceparent'] });
    return real.publish(messages);
  },
};

after(async () => {
  await real.close();
  await db.close();
  await serviceDatabase.drop();
  await brokerDatabase.drop();
});

const messaging = (tracer: Tracer) =>
  createMessaging({
    service: 'notifications',
    db,
    broker,
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
    metrics: silentMetrics,
    tracer,
    code_version: 'test',
  });

const received: AnyEvent[] = [];
let failing: Error | undefined;
const notifyCustomerConsumer = defineConsumer({
  queue: 'notifications.notify-customer',
  events: [orderConfirmed, orderCancelled, orderShipped, orderParcelSent, orderCompleted, paymentRefunded, returnUpdated],
  deduplicate: 'business_key',
  async handle(_context: unknown, _tx, events) {
    if (failing) throw failing;
    received.push(...(events as unknown as AnyEvent[]));
  },
});

test('an event leaves within a producer span, its message carries that span, and what its handler causes hangs below the consumer span', async () => {
  const { tracer, named } = recorder();
  const sending = messaging(tracer);
  await sending.start([notifyCustomerConsumer], {});
  const [traced, carried] = [request(), unsampled()];
  await db.transaction((tx) => sending.outbox.append(tx, [completed(traced), completed(carried)]));
  await until(() => (received.length === 2 ? undefined : `${received.length} received`));
  await sending.stop();

  const [publish, ...others] = named('publish order.completed');
  assert.deepEqual(others, []);
  assert.equal(publish?.parent, traced);
  assert.equal(publish?.kind, 'producer');
  assert.equal(publish?.said['messaging.system'], 'embedded');
  const [first] = outgoing.filter(({ traceparent }) => isSampled(traceparent));
  assert.equal(first?.traceparent, publish?.traceparent);
  assert.equal((JSON.parse(first?.body ?? '{}') as AnyEvent).metadata.traceparent, traced, 'the event stays as it was written');

  const member = named('process notifications.notify-customer').find((span) => span.parent === publish?.traceparent);
  assert.equal(member?.kind, 'consumer');
  assert.deepEqual([member?.said['souk.outcome'], member?.said['souk.attempt']], ['done', 1]);
  const contexts = received.map((event) => causeOf(event).traceparent);
  assert.deepEqual(contexts.toSorted(), [member?.traceparent, carried].toSorted());
  assert.ok([...named('publish order.completed'), ...named('process notifications.notify-customer')].every((span) => span.ended));
});

test('what the broker did not take is a failed span; what is sent later, by whom ever, is a further span of the same trace', async () => {
  const { tracer, named } = recorder();
  const parent = request();
  const first = messaging(tracer);
  await first.start([], {});
  away = true;
  await db.transaction((tx) => first.outbox.append(tx, [completed(parent)]));
  await until(() => (named('publish order.completed').length > 0 ? undefined : 'not tried'));
  await first.stop();
  away = false;
  const second = messaging(tracer);
  await second.start([], {});
  await until(async () => ((await second.idle()) ? undefined : 'not sent'), 20_000);
  await second.stop();
  const spans = named('publish order.completed');
  assert.ok(spans.every((span) => span.parent === parent && span.ended));
  assert.deepEqual([spans[0]?.failed, spans[0]?.said['souk.unpublished']], ['broker_unavailable', undefined]);
  assert.deepEqual([spans.at(-1)?.failed, spans.at(-1)?.said['souk.unpublished']], [undefined, true]);
});

function delivery(traceparent: string | undefined, attempts = 0, body?: string): Delivery {
  const event = {
    event_id: systemIds.uuid(),
    event_type: 'order.completed',
    timestamp: new Date().toISOString(),
    version: '1.0',
    correlation_id: systemIds.uuid(),
    metadata: {},
    order_id: systemIds.uuid(),
    order_version: 1,
    user_id: systemIds.uuid(),
  };
  return {
    message_id: event.event_id,
    routing_key: 'order.completed',
    body: body ?? JSON.stringify(event),
    content_type: 'application/json',
    headers: traceparent === undefined ? {} : { traceparent },
    attempts,
    redelivered: false,
    enqueued_at: Date.now(),
  };
}

const handlerFor = (tracer: Tracer) =>
  createBatchHandler(
    notifyCustomerConsumer as never,
    {},
    { service: 'notifications', db, broker, clock: systemClock, log: silentLog, metrics: silentMetrics, tracer },
  );

test('a batch is one span that links the traces it joins, and one in each of them', async () => {
  const { tracer, spans } = recorder();
  const parents = [request(), request(), unsampled(), request()];
  await handlerFor(tracer)(parents.map((parent) => delivery(parent)));
  const [whole, ...members] = spans;
  const sampled = parents.filter(isSampled);
  assert.deepEqual([whole?.parent, whole?.links, whole?.said['souk.batch_size']], [undefined, sampled, 4]);
  assert.deepEqual(
    members.map((span) => span.parent),
    sampled,
  );
  assert.ok(members.every((span) => span.links?.[0] === whole?.traceparent));
});

test('a passing failure, a permanent one and nonsense show with their attempt, outcome and cause', async () => {
  const { tracer, spans } = recorder();
  const handle = handlerFor(tracer);
  failing = refusal('contact_unknown');
  await handle([delivery(request(), 2)]);
  await handle([delivery(request(), 7)]);
  failing = undefined;
  await handle([delivery(request(), 0, '{"half')]);
  assert.deepEqual(
    spans.map(({ said, failed, ended }) => [said['souk.outcome'], said['souk.attempt'], failed, ended]),
    [
      ['retry', 3, 'contact_unknown', true],
      ['dead', 8, 'contact_unknown', true],
      ['dead', undefined, 'event_invalid', true],
    ],
  );
  assert.equal(spans[0]?.said['souk.retry_delay_ms'], 5_000);
});

test('what is not sampled, not valid or not there makes no span', async () => {
  const { tracer, spans } = recorder();
  const handle = handlerFor(tracer);
  for (const traceparent of [undefined, unsampled(), 'nonsense-01', `${request()}1`]) await handle([delivery(traceparent)]);
  assert.deepEqual(spans, []);
});
