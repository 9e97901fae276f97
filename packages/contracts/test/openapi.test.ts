/** The published documents: valid by the official schemas, complete, and nothing in them is called twice. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import specifications from '@asyncapi/specs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { defineRoute, deprecationHeaders, errorTable, events, queues, type RouteDeclaration, routes } from '@souk/contracts';
import { asyncApiDocument, isPublished, openApiDocument, operationsOf } from '@souk/contracts/reference';
import { isInstant } from '@souk/kernel';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import Type from 'typebox';

type Json = Record<string, unknown>;

const operations = operationsOf();
const document = JSON.parse(JSON.stringify(openApiDocument('1.2.3'))) as ReturnType<typeof openApiDocument>;
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);
const nameOf = (reference: Json | undefined): string => String(reference?.['$ref']).split('/').at(-1) ?? '';
const operationAt = (method: string, path: string): Json => document.paths[path]?.[method] ?? {};

test('the OpenAPI document is valid, and a broken one is not', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors));
  const broken = structuredClone(document) as Json;
  broken['paths'] = { '/x': { get: { responses: { 99: {} } } } };
  assert.equal((await new Validator().validate(broken)).valid, false);
});

test('every published route is in it, once, under a name of its own', () => {
  const published = routes.filter(isPublished);
  assert.equal(described.length, published.length);
  assert.ok(published.length > 50, `only ${published.length} routes`);
  const names = described.map(({ operation }) => operation['operationId']);
  assert.equal(new Set(names).size, names.length);
  for (const route of published) assert.ok(document.paths[route.path]?.[route.method.toLowerCase()], route.path);
  for (const { path } of described) assert.ok(!path.startsWith('/internal/') && path !== '/chaos', path);
  const counts = { routes: described.length, codes: Object.keys(document.components['examples'] as object).length };
  process.stdout.write(`openapi: ${JSON.stringify(counts)}\n`);
});

test('a route that is not exported, and two schemas of one name, make no document', () => {
  const stranger = defineRoute({ ...(routes[0] as RouteDeclaration), path: '/api/strangers' });
  assert.throws(() => operationsOf([stranger]), /POST \/api\/strangers is not exported/);
  const route = (path: string, response: RouteDeclaration['responses'][number]): RouteDeclaration =>
    defineRoute({ method: 'GET', path, service: 'users', summary: 'x', access: 'public', limit: 'read', responses: { 200: response } });
  const [one, other] = [Type.Object({ a: Type.String() }, { title: 'Thing' }), Type.Object({ b: Type.String() }, { title: 'Thing' })];
  const pair = (first: RouteDeclaration, second: RouteDeclaration) => operationsOf([first, second], { first, second });
  assert.throws(() => openApiDocument('1', pair(route('/a', one), route('/b', other))), /called Thing/);
  openApiDocument('1', pair(route('/a', one), route('/b', Type.Object({ a: Type.String() }, { title: 'Thing' }))));
});

test('every body and every answer has an example that any JSON Schema validator takes', () => {
  const ajv = new Ajv2020({ strict: true, formats: { 'date-time': isInstant } });
  ajv.addVocabulary(['components']);
  const compiled = new Map<string, ReturnType<typeof ajv.compile>>();
  let examples = 0;
  for (const { path, method, operation } of described) {
    const bodies = [
      operation['requestBody'],
      ...Object.entries(operation['responses'] as Json)
        .filter(([status]) => Number(status) < 400)
        .map(([, answer]) => answer),
    ];
    for (const content of bodies.flatMap((part) =>
      Object.entries(((part as Json | undefined)?.['content'] ?? {}) as Record<string, Json>),
    )) {
      const [type, described_content] = content;
      if (type !== 'application/json') continue;
      const schema = described_content['schema'] as Json;
      const text = JSON.stringify(schema);
      const accepts = compiled.get(text) ?? ajv.compile({ ...schema, components: { schemas: document.components['schemas'] } });
      compiled.set(text, accepts);
      assert.ok(accepts(described_content['example']), `${method} ${path}: ${ajv.errorsText(accepts.errors)}`);
      examples += 1;
    }
  }
  assert.ok(examples > 60, `only ${examples} examples`);
  process.stdout.write(`openapi: ${examples} examples are valid\n`);
});

test('every code of a route stands under its status, and its example is a problem of that status', () => {
  const examples = document.components['examples'] as Record<string, { value: { status: number; code: string } }>;
  const answers = document.components['responses'] as Record<string, { content: Record<string, { examples: Json }> }>;
  for (const { operation_id, route, codes } of operations) {
    const responses = operationAt(route.method.toLowerCase(), route.path)['responses'] as Record<string, Json>;
    for (const code of codes) {
      const { status } = errorTable[code];
      const shared = answers[nameOf(responses[status])];
      assert.ok(shared?.content['application/problem+json']?.examples[code], `${operation_id}: ${code}`);
      assert.equal(examples[code]?.value.status, status);
    }
    for (const code of route.errors ?? []) assert.ok(codes.includes(code), `${operation_id}: ${code}`);
  }
});

test('headers follow from the declaration', () => {
  const parameters = (path: string, method: string): string[] =>
    (operationAt(method, path)['parameters'] as Json[]).map((parameter) => String(parameter['name'] ?? nameOf(parameter)));
  assert.deepEqual(parameters('/api/orders', 'post'), ['idempotency_key', 'prefer', 'correlation_id', 'trace_context']);
  assert.deepEqual(parameters('/api/orders/{order_id}/cancel', 'post'), ['order_id', 'if_match', 'correlation_id', 'trace_context']);
  assert.deepEqual(parameters('/api/orders/{order_id}', 'get'), ['order_id', 'if_none_match', 'correlation_id', 'trace_context']);
  const placed = (operationAt('post', '/api/orders')['responses'] as Record<string, { headers: Json }>)['201'];
  for (const name of ['ETag', 'Location', 'Idempotency-Replayed', 'RateLimit', 'X-Correlation-Id']) assert.ok(placed?.headers[name], name);
});

test('a deprecated route says so in the document and in its headers', () => {
  const old = defineRoute({
    ...(routes[0] as RouteDeclaration),
    deprecated: { since: '2026-11-29', sunset: '2027-05-29', instead: 'Use POST /api/accounts.' },
  });
  assert.deepEqual(Object.fromEntries(deprecationHeaders(old)), {
    deprecation: '@1795910400',
    sunset: 'Sat, 29 May 2027 00:00:00 GMT',
    link: '</docs/users>; rel="deprecation"; type="text/html"',
  });
  const operation = openApiDocument('1', operationsOf([old], { old })).paths['/api/users']?.['post'] as Json;
  assert.equal(operation['deprecated'], true);
  assert.equal(operation['x-souk-sunset'], '2027-05-29');
  assert.match(String(operation['description']), /Deprecated since 2026-11-29; it may be gone from 2027-05-29. Use POST \/api\/accounts\./);
  assert.ok((operation['responses'] as Record<string, { headers: Json }>)['201']?.headers['Deprecation']);
  assert.deepEqual(deprecationHeaders(routes[0] as RouteDeclaration), []);
  assert.throws(() => deprecationHeaders({ service: 'users', deprecated: { since: 'soon', instead: 'x' } }), /soon is not a day/);
});

test('what an answer says of its form and of its connection is published where it is sent', () => {
  const headersAt = (method: string, path: string, status: number): string[] => {
    const answer = (operationAt(method, path)['responses'] as Record<string, Json>)[status] ?? {};
    const shared = (document.components['responses'] as Record<string, Json>)[nameOf(answer)];
    return Object.keys((answer['headers'] ?? shared?.['headers'] ?? {}) as object);
  };
  for (const [method, path, status, ...names] of [
    ['get', '/', 200, 'Vary', 'Content-Language'],
    ['get', '/api', 406, 'Vary'],
    ['get', '/api/products', 200, 'Vary'],
    ['get', '/api/products', 304, 'Vary'],
    ['post', '/api/orders', 415, 'Accept-Encoding'],
    ['get', '/ws', 426, 'Upgrade'],
    ['get', '/ws', 101, 'Upgrade'],
    ['get', '/api/products/export', 200, 'Content-Disposition'],
  ] as const) {
    const published = headersAt(method, path, status);
    for (const name of names) assert.ok(published.includes(name), `${method} ${path} ${status}: ${name} is not in ${published}`);
  }
  assert.ok(!headersAt('post', '/api/orders', 409).includes('Vary'));
});

test('the AsyncAPI document is valid, and a broken one is not; every event and every queue is in it', () => {
  const asynchronous = JSON.parse(JSON.stringify(asyncApiDocument('1.2.3'))) as ReturnType<typeof asyncApiDocument>;
  const ajv = new Ajv({ strict: false, meta: false, validateSchema: false, validateFormats: false });
  const accepts = ajv.compile((specifications.schemas as Record<string, object>)['3.0.0'] as object);
  assert.ok(accepts(asynchronous), ajv.errorsText(accepts.errors));
  const broken = structuredClone(asynchronous) as Json;
  broken['operations'] = { publish: { action: 'shout', channel: {} } };
  assert.equal(accepts(broken), false);
  const names = [...events.map(({ event_type }) => event_type), ...Object.keys(queues)];
  assert.deepEqual(Object.keys(asynchronous.channels), names);
  assert.equal(Object.keys(asynchronous.operations).length, names.length);
  process.stdout.write(`asyncapi: ${events.length} events, ${Object.keys(queues).length} queues\n`);
});
