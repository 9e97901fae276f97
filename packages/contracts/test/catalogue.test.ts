import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type EventDefinition,
  eventDefinition,
  events,
  fields,
  type QueueName,
  queues,
  routes,
  serviceNames,
  subscribersOf,
} from '@souk/contracts';
import { exampleOf } from '@souk/contracts/reference';

const all: readonly EventDefinition[] = events;
const ownWord = /^[a-z][a-z0-9_]*$/;

test('every queue belongs to a service and hears only events of the catalogue', () => {
  for (const [queue, subscribed] of Object.entries(queues)) {
    const [service, name] = queue.split('.');
    assert.ok((serviceNames as readonly string[]).includes(service ?? ''), queue);
    assert.match(name ?? '', /^[a-z]+(-[a-z]+)*$/);
    assert.ok(subscribed.length > 0, queue);
    assert.equal(new Set(subscribed).size, subscribed.length, `${queue} names an event twice`);
    for (const event_type of subscribed) assert.ok(eventDefinition(event_type), `${queue} hears ${event_type}`);
  }
});

test('the consumers of an event are the queues that name it', () => {
  for (const { event_type } of all) {
    const named = (Object.keys(queues) as QueueName[]).filter((queue) => (queues[queue] as readonly string[]).includes(event_type));
    assert.deepEqual(subscribersOf(event_type), named);
  }
  assert.deepEqual(
    all.filter((event) => subscribersOf(event.event_type).length === 0).map((event) => event.event_type),
    ['inventory.released'],
  );
});

test('nobody hears what he published himself', () => {
  for (const event of all)
    for (const queue of subscribersOf(event.event_type))
      assert.notEqual(queue.split('.')[0], event.owner, `${queue} hears ${event.event_type}`);
});

test('every event has a name, a meaning, an ordering by its own members and an owner', () => {
  assert.equal(new Set(all.map((event) => event.event_type)).size, all.length);
  for (const event of all) {
    assert.match(event.event_type, /^[a-z]+\.[a-z]+(_[a-z]+)*$/);
    assert.match(event.meaning, /^[A-Z].*\.$/);
    for (const member of event.ordering.split(' + '))
      assert.ok(Object.hasOwn(event.payload_properties, member), `${event.event_type}: ${member}`);
  }
});

test('the example of every event is valid, and no member of the envelope may be missing', () => {
  for (const event of all) {
    const example = exampleOf(event.schema) as Record<string, unknown>;
    assert.equal(event.findings(example), undefined);
    for (const member of ['event_id', 'event_type', 'timestamp', 'version', 'correlation_id', 'metadata']) {
      const { [member]: _left_out, ...rest } = example;
      assert.ok(event.findings(rest), `${event.event_type} without ${member}`);
    }
    assert.equal(event.findings({ ...example, added_later: true }), undefined, 'a consumer ignores what it does not know');
  }
});

test('what is not an event is refused with at most five findings', () => {
  const [event] = all;
  for (const value of [
    null,
    undefined,
    1,
    'order.created',
    [],
    {},
    { event_id: 1, event_type: 2, timestamp: 3, version: 4, correlation_id: 5, metadata: 6 },
  ]) {
    const found = event?.findings(value);
    assert.ok(found && found.length > 0 && found.length <= 5, JSON.stringify(value));
  }
});

/** Named by GraphQL over HTTP, whose clients send it so. */
const foreignNames = ['operationName'];
/** A read whose question is too long for an address. */
const readsByPost = ['POST /graphql', 'POST /api/quotes', 'POST /api/promotions/{promotion_id}/simulate'];

test('every member of every schema is spelt in snake_case', () => {
  for (const event of all) checkNames(event.schema, event.event_type);
  for (const route of routes) {
    for (const schema of [route.params, route.query, route.body, ...Object.values(route.responses)]) {
      if (schema) checkNames(schema, `${route.method} ${route.path}`);
    }
  }
});

function checkNames(schema: object, where: string): void {
  for (const [keyword, part] of Object.entries(schema)) {
    if (keyword === 'properties') {
      for (const name of Object.keys(part as object)) if (!foreignNames.includes(name)) assert.match(name, ownWord, `${where}: ${name}`);
    }
    if (typeof part === 'object' && part !== null && keyword !== 'const') checkNames(part as object, where);
  }
}

test('every field of the glossary that stands alone says what it means', () => {
  const silent = ['ProductStatus', 'OrderStatus', 'CancelReason', 'CancelledBy', 'ReservedItem', 'PricedItem', 'Shortage', 'Nullable'];
  for (const [name, field] of Object.entries(fields)) {
    if (silent.includes(name)) continue;
    assert.match(String((field as { description?: string }).description ?? ''), /\.$/, name);
  }
});

test('no two routes answer the same request, and every parameter of a path is declared', () => {
  const shapes = routes.map((route) => `${route.method} ${route.path.replaceAll(/\{\w+\}/g, '{}')}`);
  assert.deepEqual(
    shapes.filter((shape, index) => shapes.indexOf(shape) !== index),
    [],
  );
  for (const route of routes) {
    const named = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const declared = Object.keys((route.params as { properties?: object } | undefined)?.properties ?? {});
    assert.deepEqual(declared.sort(), named.sort(), route.path);
  }
});

/** A read that costs as much as a write: it asks every service. */
const costlyReads = ['GET /api/orders/{order_id}/receipt', 'GET /orders/{order_id}/receipt'];

test('a route that changes something is counted as a write or as a sign-in', () => {
  for (const route of routes) {
    if (route.access === 'internal') continue;
    if (costlyReads.includes(`${route.method} ${route.path}`)) {
      assert.equal(route.limit, 'write', route.path);
      continue;
    }
    if (route.method === 'GET' || readsByPost.includes(`${route.method} ${route.path}`))
      assert.ok(['read', 'asset', 'none'].includes(route.limit), `${route.method} ${route.path}`);
    else assert.ok(['write', 'auth', 'none'].includes(route.limit), `${route.method} ${route.path}`);
  }
});
