/** Which changes of the API are found to break clients, and that the present API breaks nothing of the committed one. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { apiChanges, type DescribedApi, openApiDocument } from '@souk/contracts/reference';

type Json = Record<string, unknown>;
type Change = (api: DescribedApi) => void;

const today = '2026-11-29';
const present = JSON.parse(JSON.stringify(openApiDocument('1.0.0'))) as DescribedApi;
const folder = new URL('../releases/', import.meta.url);

/** The changes that this makes of the present API. */
function changesBy(change: Change, day = today) {
  const now = structuredClone(present);
  change(now);
  return apiChanges(present, now, day);
}

const at = (api: DescribedApi, method: string, path: string): Json => api.paths[path]?.[method] as Json;
const schema = (api: DescribedApi, name: string): { properties: Record<string, Json>; required: string[] } =>
  (api.components['schemas'] as Record<string, { properties: Record<string, Json>; required: string[] }>)[name] ?? {
    properties: {},
    required: [],
  };
const member = (api: DescribedApi, name: string, property: string): Json => schema(api, name).properties[property] ?? {};
const parameters = (api: DescribedApi, path: string): Json[] => at(api, 'get', path)['parameters'] as Json[];

test('the API breaks nothing of what each committed version has published', async () => {
  const names = (await readdir(folder)).sort();
  assert.ok(names.length > 0);
  for (const name of names) {
    const released = JSON.parse(await readFile(new URL(name, folder), 'utf8')) as DescribedApi;
    assert.deepEqual(apiChanges(released, present, new Date().toISOString().slice(0, 10)).breaking, [], name);
  }
});

test('the same API has no changes', () => {
  assert.deepEqual(
    changesBy(() => undefined),
    { breaking: [], compatible: [] },
  );
});

const breaking: readonly [string, RegExp, Change][] = [
  ['a route is removed', /GET \/api\/categories: was removed without/, (api) => delete api.paths['/api/categories']],
  [
    'a route is called otherwise',
    /operationId was listCategories/,
    (api) => Object.assign(at(api, 'get', '/api/categories'), { operationId: 'x' }),
  ],
  [
    'a route needs a role',
    /needs staff now, not public/,
    (api) => Object.assign(at(api, 'get', '/api/categories'), { 'x-souk-access': 'staff' }),
  ],
  [
    'a query member is removed',
    /query member q was removed/,
    (api) => {
      at(api, 'get', '/api/products')['parameters'] = parameters(api, '/api/products').filter(({ name }) => name !== 'q');
    },
  ],
  [
    'a query member is narrowed',
    /query member limit \/: maximum was 100 and is 50/,
    (api) => {
      Object.assign(parameters(api, '/api/products').find(({ name }) => name === 'limit')?.['schema'] as Json, { maximum: 50 });
    },
  ],
  [
    'a query member becomes required',
    /query member q became required/,
    (api) => {
      Object.assign(parameters(api, '/api/products').find(({ name }) => name === 'q') as Json, { required: true });
    },
  ],
  [
    'a header is not honoured any more',
    /header member Idempotency-Key was removed/,
    (api) => {
      const route = at(api, 'post', '/api/orders');
      route['parameters'] = (route['parameters'] as Json[]).filter((parameter) => !String(parameter['$ref']).endsWith('idempotency_key'));
    },
  ],
  [
    'a member of a body is removed',
    /body \/expected_total: was removed/,
    (api) => delete schema(api, 'PlaceOrder').properties['expected_total'],
  ],
  ['a member of a body becomes required', /body \/currency: became required/, (api) => schema(api, 'PlaceOrder').required.push('currency')],
  [
    'a body gets a required member',
    /body \/channel: was added as a required member/,
    (api) => {
      schema(api, 'PlaceOrder').properties['channel'] = { type: 'string' };
      schema(api, 'PlaceOrder').required.push('channel');
    },
  ],
  [
    'a pattern of a body changes',
    /body \/payment_method: pattern was/,
    (api) => Object.assign(member(api, 'PlaceOrder', 'payment_method'), { pattern: '^pm_' }),
  ],
  [
    'a body is needed',
    /DELETE \/api\/users\/\{user_id\}: needs a body now/,
    (api) => Object.assign(at(api, 'delete', '/api/users/{user_id}')['requestBody'] as Json, { required: true }),
  ],
  ['a member of an answer is removed', /201 \/order_number: was removed/, (api) => delete schema(api, 'Order').properties['order_number']],
  [
    'a member of an answer becomes optional',
    /201 \/currency: became optional/,
    (api) => {
      schema(api, 'Order').required = schema(api, 'Order').required.filter((name) => name !== 'currency');
    },
  ],
  [
    'a member of an answer has another type',
    /201 \/total_amount: type was "number" and is "string"/,
    (api) => Object.assign(member(api, 'Order', 'total_amount'), { type: 'string' }),
  ],
  [
    'a member of an answer may be null',
    /201 \/currency: may be null now/,
    (api) => {
      schema(api, 'Order').properties['currency'] = { anyOf: [member(api, 'Order', 'currency'), { type: 'null' }] };
    },
  ],
  ['an answer gets a new choice', /201 \/status: enum was/, (api) => (member(api, 'Order', 'status')['enum'] as string[]).push('held')],
  [
    'a choice of a query member is removed',
    /query member sort \/: enum was/,
    (api) => {
      const { schema: sort } = parameters(api, '/api/products').find(({ name }) => name === 'sort') as { schema: { enum: string[] } };
      sort.enum.pop();
    },
  ],
  ['a status is removed', /200 was removed/, (api) => delete (at(api, 'get', '/api/categories')['responses'] as Json)['200']],
  [
    'a success gets another status',
    /202 was added/,
    (api) => Object.assign(at(api, 'get', '/api/categories')['responses'] as Json, { 202: {} }),
  ],
  [
    'an answer that is no page leads elsewhere',
    /308 was added/,
    (api) => Object.assign(at(api, 'get', '/api/categories')['responses'] as Json, { 308: {} }),
  ],
  [
    'an answer has no entity tag any more',
    /200 has no header ETag any more/,
    (api) => delete (((at(api, 'get', '/api/orders/{order_id}')['responses'] as Json)['200'] as Json)['headers'] as Json)['ETag'],
  ],
  [
    'an answer has another content type',
    /200 is not application\/json any more/,
    (api) => {
      const answer = (at(api, 'get', '/api/categories')['responses'] as Json)['200'] as Json;
      answer['content'] = { 'application/xml': {} };
    },
  ],
];

for (const [what, finding, change] of breaking) {
  test(`it breaks clients when ${what}`, () => assert.match(changesBy(change).breaking.join('\n'), finding));
}

test('what is wider for requests and more in answers is compatible, and listed', () => {
  const { breaking: found, compatible } = changesBy((api) => {
    api.paths['/api/baskets'] = { get: { operationId: 'listBaskets', summary: 'Baskets', responses: {} } };
    parameters(api, '/api/products').push({ name: 'colour', in: 'query', required: false, schema: { type: 'string' } });
    Object.assign(parameters(api, '/api/products').find(({ name }) => name === 'limit')?.['schema'] as Json, { maximum: 500 });
    schema(api, 'PlaceOrder').properties['gift_note'] = { type: 'string' };
    schema(api, 'Order').properties['gift_note'] = { type: 'string' };
    schema(api, 'PlaceOrder').required = [];
    Object.assign(at(api, 'post', '/api/orders')['responses'] as Json, { 206: {}, 304: {} });
    Object.assign(at(api, 'get', '/search')['responses'] as Json, { 308: {} });
    Object.assign(member(api, 'Order', 'order_number'), { pattern: '^[A-Z]-' });
    Object.assign(at(api, 'get', '/api/categories'), { deprecated: true, description: 'Use another.' });
  });
  assert.deepEqual(found, []);
  const listed = compatible.join('\n');
  for (const line of [
    /GET \/api\/baskets: new route \(Baskets\)/,
    /POST \/api\/orders: answers 206 to Range/,
    /GET \/search: may lead elsewhere with 308/,
    /GET \/api\/products: new query member colour/,
    /POST \/api\/orders: body \/gift_note: new member/,
    /GET \/api\/orders: 200 \/items\/gift_note: new member/,
    /GET \/api\/categories: deprecated. Use another./,
  ])
    assert.match(listed, line);
});

test('a route may go when its Sunset is over, and not before', () => {
  const before = structuredClone(present);
  Object.assign(at(before, 'get', '/api/categories'), { 'x-souk-sunset': '2027-01-01' });
  const now = structuredClone(present);
  delete now.paths['/api/categories']?.['get'];
  assert.equal(apiChanges(before, now, '2026-12-31').breaking.length, 1);
  assert.deepEqual(apiChanges(before, now, '2027-01-01'), {
    breaking: [],
    compatible: ['GET /api/categories: removed, as announced for 2027-01-01'],
  });
});
