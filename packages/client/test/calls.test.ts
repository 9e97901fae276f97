import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { cancelOrder, getMessageSecret, getOrder } from '@souk/contracts';
import { addressOf, linkTo } from '../src/address.ts';
import { createClient, isProblem, ProblemError, TransportError } from '../src/index.ts';
import { createTestClient } from '../src/testing.ts';
import { problemOf, sendJson, startServer } from './_server.ts';

const order_id = '01a20518-d385-705d-a094-bafc97027b7d';
const items = [{ product_id: order_id, quantity: 1 }];
const shipping_address = { street: 's', city: 'c', postal_code: 'p', country: 'AT' };
const wanted = { items, payment_method: 'tok_visa', shipping_address };
const notCancellable = problemOf(409, 'order_not_cancellable', { errors: [{ pointer: '/status', detail: 'is shipped' }] });

/** Answers with what it received, or with a problem for /cancel. */
const shop = await startServer(({ method, url, headers, text }, response) => {
  if (url.endsWith('/cancel')) return sendJson(response, 409, notCancellable, { 'retry-after': '7' });
  if (url.includes('logout')) return response.writeHead(204).end();
  const { authorization, prefer, 'idempotency-key': key, 'x-correlation-id': correlation_id, 'content-type': content_type } = headers;
  const seen = { method, url, authorization, prefer, key, correlation_id, content_type, text };
  return sendJson(response, 200, seen, { link: '</docs>; rel="help", </api/orders?cursor=x>; rel="next"' });
});
const seenIn = (body: unknown) => body as Record<string, string>;
const client = createClient({ base_url: shop.base_url, token: 'mine', correlation_id: 'checkout-0001' });

describe('a call', () => {
  it('fills in path, query, headers and body', async () => {
    const listed = await client.call('listOrders', { query: { limit: 5, cursor: 'a b', user_id: undefined as never } });
    assert.deepEqual([listed.ok, listed.status, listed.next], [true, 200, '/api/orders?cursor=x']);
    const seen = seenIn(listed.body);
    assert.deepEqual(
      [seen['method'], seen['url'], seen['authorization'], seen['correlation_id'], seen['content_type']],
      ['GET', '/api/orders?limit=5&cursor=a%20b', 'Bearer mine', 'checkout-0001', undefined],
    );
    const order = seenIn(await client.must('placeOrder', { body: wanted, idempotency_key: 'k1', wait_s: 5, token: null }));
    assert.deepEqual(
      [order['key'], order['prefer'], order['authorization'], order['content_type']],
      ['k1', 'wait=5', undefined, 'application/json'],
    );
    assert.deepEqual((JSON.parse(order['text'] ?? '') as { items: unknown }).items, items);
  });

  it('sends other content as it is, streams too', async () => {
    async function* chunks() {
      yield Buffer.from('sku,name\n');
      yield Buffer.from('1,cup\n');
    }
    for (const content of ['sku,name\n1,cup\n', chunks(), new Blob(['sku,name\n1,cup\n'])]) {
      const seen = seenIn(await client.must('importProducts', { content: content as string }));
      assert.deepEqual([seen['content_type'], seen['text']], ['text/csv', 'sku,name\n1,cup\n']);
    }
  });

  it('takes the declaration of a route in place of a name, also of one that no client reaches', async () => {
    assert.equal(seenIn(await client.must(getOrder, { params: { order_id } }))['url'], `/api/orders/${order_id}`);
    assert.equal(seenIn(await client.must(getMessageSecret, { params: { token_id: 'x' } }))['url'], '/internal/messages/x');
    await assert.rejects(client.call('toString' as 'getMe'), /no operation toString/);
  });

  it('answers a refusal, or throws it where a success was expected', async () => {
    const refused = await client.call('cancelOrder', { params: { order_id }, body: {} });
    assert.ok(!refused.ok);
    assert.deepEqual([refused.status, refused.code, refused.error.retry_after_s], [409, 'order_not_cancellable', 7]);
    assert.equal((await client.refused(409, cancelOrder, { params: { order_id }, body: {} })).detail, 'It is order_not_cancellable.');
    const isRefusal = (error: unknown) =>
      isProblem(error, 'cancelOrder') &&
      error.code === 'order_not_cancellable' &&
      error.correlation_id === 'c-1' &&
      error.errors[0]?.pointer === '/status' &&
      /^POST \/api\/orders\/.* answered 409 order_not_cancellable: It is .*\(\/status is shipped\)$/.test(error.message);
    await assert.rejects(client.orders.cancel(order_id, {}), isRefusal);
    await assert.rejects(client.expect(200, 'cancelOrder', { params: { order_id }, body: {} }), isRefusal);
    await assert.rejects(client.refused(409, 'getOrder', { params: { order_id } }), ProblemError);
    assert.ok(!isProblem(refused.error, 'placeOrder'));
  });

  it('takes an empty answer, and tokens from a function', async () => {
    assert.equal((await client.expect(204, 'logoutEverywhere')).body, undefined);
    const other = client.with({ token: async () => 'other' });
    assert.equal(seenIn(await other.orders.get(order_id))['authorization'], 'Bearer other');
  });
});

test('conveniences take the members of the path, then body or query, then settings', async () => {
  const placed = seenIn(await client.orders.place(wanted, { wait_s: 10 }));
  assert.deepEqual([placed['url'], placed['prefer']], ['/api/orders', 'wait=10']);
  const completed = seenIn(await client.orders.complete(order_id));
  assert.deepEqual([completed['method'], completed['url'], completed['text']], ['POST', `/api/orders/${order_id}/complete`, '{}']);
  const imported = seenIn(await client.products.import('sku\n', { query: { ignore_unknown_columns: true } }));
  assert.deepEqual([imported['url'], imported['text']], ['/api/products/import?ignore_unknown_columns=true', 'sku\n']);
  const history = seenIn(await client.notifications.history({ order_id }, { token: 'third' }));
  assert.deepEqual([history['url'], history['authorization']], [`/api/notifications/history?order_id=${order_id}`, 'Bearer third']);
  assert.equal(seenIn(await client.deadLetters.get('orders', '12'))['url'], '/api/dead-letters/orders/12');
});

test('a client for tests adds no key and repeats nothing', async () => {
  const busy = await startServer((_request, response) => sendJson(response, 503, problemOf(503, 'overloaded')));
  const once = createTestClient({ base_url: busy.base_url });
  assert.equal((await once.refused(503, 'getMe')).code, 'overloaded');
  assert.equal((await once.refused(503, 'placeOrder', { body: wanted })).code, 'overloaded');
  assert.equal(busy.received.length, 2);
  assert.equal(busy.received[1]?.headers['idempotency-key'], undefined);
});

test('an answer that is no answer is a TransportError', async () => {
  const odd = await startServer(({ url }, response) => {
    if (url.includes('me')) return response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":');
    if (url.includes('payments')) return response.writeHead(200, { 'content-type': 'text/html' }).end('<form>Sign in to this network');
    if (url.includes('pictures')) return response.writeHead(200, { 'content-type': 'image/svg+xml' }).end('<svg/>');
    if (url.includes('categories')) return response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
    if (url.includes('status')) return response.writeHead(502, { 'content-type': 'application/json' }).end('{"det');
    return response.destroy();
  });
  const once = createTestClient({ base_url: odd.base_url });
  await assert.rejects(once.must('getMe'), (error) => error instanceof TransportError && error.code === 'unreadable');
  await assert.rejects(once.payments.list().page(), (error) => error instanceof TransportError && error.code === 'unreadable');
  assert.equal(await once.products.picture('cup.svg'), '<svg/>');
  await assert.rejects(once.must('getAudit'), (error) => error instanceof TransportError && error.code === 'network');
  const proxy = await once.call('listCategories');
  assert.deepEqual([proxy.status, proxy.code, proxy.ok || proxy.error.detail], [502, 'unknown', '<h1>Bad gateway</h1>']);
  assert.equal((await once.call('getStatus')).code, 'unknown');
});

test('a time limit and a signal end a call', async () => {
  const silent = await startServer(() => undefined);
  const once = createTestClient({ base_url: silent.base_url });
  await assert.rejects(once.must('getMe', { timeout_ms: 30 }), (error) => error instanceof TransportError && error.code === 'timeout');
  const leaving = new AbortController();
  const reason = new Error('the page was left');
  const call = once.must('getMe', { signal: leaving.signal });
  leaving.abort(reason);
  await assert.rejects(call, (error) => error === reason);
  await assert.rejects(once.must('getMe', { signal: leaving.signal }), (error) => error === reason);
});

test('a deprecated operation is reported once', async () => {
  const notices: unknown[] = [];
  const old = await startServer((_request, response) =>
    sendJson(response, 200, [], {
      deprecation: '@1767225600',
      sunset: 'Thu, 31 Dec 2026 00:00:00 GMT',
      link: '</docs/products>; rel="deprecation"; type="text/html"',
    }),
  );
  const api = createClient({ base_url: old.base_url, onDeprecation: (notice) => notices.push(notice) });
  await api.products.categories();
  await api.with({ correlation_id: 'again' }).products.categories();
  await api.users.me();
  assert.deepEqual(notices[0], {
    operation: 'listCategories',
    method: 'GET',
    path: '/api/categories',
    since: new Date('2026-01-01T00:00:00Z'),
    sunset: new Date('2026-12-31T00:00:00Z'),
    link: '/docs/products',
  });
  assert.deepEqual(
    notices.map((notice) => (notice as { operation: string }).operation),
    ['listCategories', 'getMe'],
  );
});

test('an address without one of its members, or with one that leads elsewhere, is a fault of the caller', () => {
  assert.equal(addressOf('/a/{b_c}', { b_c: 'x/y' }), '/a/x%2Fy');
  for (const b_c of [undefined, '', '.', '..']) assert.throws(() => addressOf('/a/{b_c}', { b_c }), TypeError);
  assert.throws(() => createClient({}), /base_url is needed/);
});

test('a Link header is read by relation', () => {
  assert.equal(linkTo('next', '</a>; rel=next'), '/a');
  assert.equal(linkTo('next', '</a?x=1,2>; title="a; rel=next, b"; rel="prev next"'), '/a?x=1,2');
  assert.equal(linkTo('next', '</a>; rel="nextish"'), undefined);
  assert.equal(linkTo('next', undefined), undefined);
});
