import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { derivedUuid } from '@souk/kernel';
import { type EdgeUnderTest, gatewayToken, internalToken, refusalOf, startEdge } from './edge-support.ts';

let shop: EdgeUnderTest;
let token: string;

before(async () => {
  shop = await startEdge();
  token = await shop.keys.tokenFor();
});
after(() => shop.edge.close(1_000));

const refused = (path: string, init?: RequestInit) => refusalOf(shop, path, init);

describe('a problem document', () => {
  it('carries type, title, status, detail, instance, code and correlation id', async () => {
    const { status, headers, problem } = await refused('/api/nothing?secret=1', { headers: { 'x-correlation-id': 'my-own-id.1' } });
    assert.equal(status, 404);
    assert.equal(headers.get('x-correlation-id'), 'my-own-id.1');
    assert.deepEqual(problem, {
      type: '/problems/not_found',
      title: 'Not found',
      status: 404,
      detail: 'There is nothing at this address.',
      instance: '/api/nothing',
      code: 'not_found',
      correlation_id: 'my-own-id.1',
    });
  });

  it('tells nothing of a fault of ours', async () => {
    for (const how of ['bug', 'unknown-code']) {
      const { status, problem } = await refused(`/api/fail/${how}`);
      assert.equal(status, 500);
      assert.equal(problem.code, 'internal');
      assert.doesNotMatch(JSON.stringify(problem), /internal secret|passwords|TypeError|stack/);
    }
  });

  it('says when to come back', async () => {
    const { status, headers } = await refused('/api/fail/busy');
    assert.equal(status, 503);
    assert.equal(headers.get('retry-after'), '3');
  });

  it('names no server', async () => {
    const response = await fetch(`${shop.url}/api/things`);
    assert.equal(response.headers.get('server'), null);
    assert.equal(response.headers.get('x-powered-by'), null);
  });
});

describe('an address', () => {
  it('has its members converted and its unknown ones refused', async () => {
    const good = await fetch(`${shop.url}/api/things?limit=10&in_stock=true&q=two+words%21`);
    assert.deepEqual(await good.json(), { limit: 10, in_stock: true, q: 'two words!' });
    const { problem } = await refused('/api/things?limit=ten&in_stock=1&limt=3');
    assert.deepEqual(problem.errors?.map(({ pointer }) => pointer).sort(), ['/in_stock', '/limit', '/limt']);
  });

  it('gets the defaults of its schema', async () => {
    const response = await fetch(`${shop.url}/api/things`);
    assert.deepEqual(await response.json(), { limit: 20 });
    assert.equal(response.headers.get('link'), '</api/things?cursor=next%20page>; rel="next"');
  });

  it('keeps its own members in the link to the next page, but not what it skipped', async () => {
    const response = await fetch(`${shop.url}/api/things?limit=5`);
    assert.equal(response.headers.get('link'), '</api/things?limit=5&cursor=next%20page>; rel="next"');
  });

  for (const [what, path] of [
    ['a broken encoding in its path', '/api/things/%zz'],
    ['a broken encoding in its query', '/api/things?q=%zz'],
    ['NUL in its path', '/api/texts/a%00b'],
    ['NUL in its query', '/api/things?q=%00'],
    ['a repeated member', '/api/things?limit=1&limit=2'],
    ['a prototype member', '/api/things?__proto__=1'],
    ['a number out of range', '/api/things?limit=101'],
    ['hexadecimal in place of a number', '/api/things?limit=0x10'],
    ['a wrong id', '/api/things/abc'],
  ] as const) {
    it(`with ${what} is refused`, async () => {
      const { status, problem } = await refused(path);
      assert.deepEqual([status, problem.code], [400, 'validation_failed']);
      assert.ok(problem.errors?.every(({ pointer, detail }) => typeof pointer === 'string' && detail !== ''));
    });
  }

  it('answers 405 with the methods it takes', async () => {
    for (const [method, path, allow] of [
      ['DELETE', '/api/things', 'GET, HEAD, OPTIONS, POST'],
      ['PATCH', '/api/things/1', 'GET, HEAD, OPTIONS, PUT'],
      ['QUERY', '/api/things', 'GET, HEAD, OPTIONS, POST'],
      ['PROPFIND', '/api/things/1?depth=1', 'GET, HEAD, OPTIONS, PUT'],
    ] as const) {
      const { status, headers, problem } = await refused(path, { method });
      assert.deepEqual([status, problem.code, headers.get('allow')], [405, 'method_not_allowed', allow]);
    }
  });

  it('answers OPTIONS with the methods it takes', async () => {
    const response = await fetch(`${shop.url}/api/things`, { method: 'OPTIONS' });
    assert.deepEqual([response.status, response.headers.get('allow'), await response.text()], [204, 'GET, HEAD, OPTIONS, POST', '']);
    assert.equal((await fetch(`${shop.url}/api/nothing`, { method: 'OPTIONS' })).status, 404);
  });

  it('announces with every answer of a deprecated route that it is to go', async () => {
    for (const [path, status, link] of [
      ['/api/old-things', 200, '</docs/orders>; rel="deprecation"; type="text/html", </api/old-things?cursor=next%20page>; rel="next"'],
      ['/api/old-things?limit=0', 400, '</docs/orders>; rel="deprecation"; type="text/html"'],
    ] as const) {
      const { status: answered, headers } = await fetch(`${shop.url}${path}`);
      assert.equal(answered, status);
      assert.deepEqual(
        ['deprecation', 'sunset', 'link'].map((name) => headers.get(name)),
        ['@1795910400', 'Sat, 29 May 2027 00:00:00 GMT', link],
      );
    }
    assert.equal((await fetch(`${shop.url}/api/things`)).headers.get('deprecation'), null);
  });

  it('answers HEAD as GET without the body', async () => {
    const etag = (await fetch(`${shop.url}/api/things/5`)).headers.get('etag');
    assert.match(etag ?? '', /^"7~[A-Za-z0-9_-]{10}"$/);
    const response = await fetch(`${shop.url}/api/things/5`, { method: 'HEAD' });
    assert.deepEqual([response.status, response.headers.get('etag'), await response.text()], [200, etag, '']);
  });
});

describe('a caller', () => {
  const get = (path: string, authorization: string, method = 'GET') => refused(path, { method, headers: { authorization } });

  it('without a token is asked for one', async () => {
    const { status, headers, problem } = await refused('/api/admin', { method: 'DELETE' });
    assert.deepEqual([status, problem.code, headers.get('www-authenticate')], [401, 'token_missing', 'Bearer']);
  });

  it('with a bad token is refused, on public routes too', async () => {
    for (const authorization of ['Bearer nonsense', 'Basic abc', 'Bearer', `Bearer ${token}x`, `Bearer ${'x'.repeat(5_000)}`]) {
      const { status, headers, problem } = await get('/api/things', authorization);
      assert.deepEqual([status, problem.code], [401, 'token_invalid'], authorization.slice(0, 20));
      assert.equal(headers.get('www-authenticate'), 'Bearer error="invalid_token"');
    }
  });

  it('needs the role of the route', async () => {
    const staff = await shop.keys.tokenFor({ role: 'staff' });
    const admin = await shop.keys.tokenFor({ role: 'admin' });
    for (const wrong of [token, staff]) assert.equal((await get('/api/admin', `Bearer ${wrong}`, 'DELETE')).problem.code, 'forbidden');
    const right = await fetch(`${shop.url}/api/admin`, { method: 'DELETE', headers: { authorization: `bearer ${admin}` } });
    assert.equal(right.status, 204);
  });

  it('is refused on internal routes, whoever it is; services pass', async () => {
    const admin = await shop.keys.tokenFor({ role: 'admin' });
    assert.equal((await refused('/internal/secret')).status, 401);
    assert.equal((await get('/internal/secret', `Bearer ${admin}`)).status, 403);
    assert.equal((await get('/internal/secret', `Bearer ${internalToken}x`)).status, 401);
    const service = await fetch(`${shop.url}/internal/secret`, { headers: { authorization: `Bearer ${internalToken}` } });
    assert.equal(service.status, 200);
  });

  it('gets no further with the internal token where people are asked for', async () => {
    assert.equal((await get('/api/admin', `Bearer ${internalToken}`, 'DELETE')).status, 401);
  });

  it('is told about the token before the body is looked at', async () => {
    const { status } = await refused('/api/things', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' });
    assert.equal(status, 401);
  });
});

describe('a header', () => {
  const echo = async (
    headers: Record<string, string>,
  ): Promise<{
    response: Response;
    said: Record<string, never> & { cause: Record<string, string>; wait_ms: number; key: string | null; client_address: string };
  }> => {
    const response = await fetch(`${shop.url}/api/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{}',
    });
    return { response, said: (await response.json()) as never };
  };

  it('X-Correlation-ID that is a UUID goes into the cause as it is', async () => {
    const id = '01a20518-d385-705d-a094-bafc97027b7d';
    const { response, said } = await echo({ 'x-correlation-id': id });
    assert.equal(response.headers.get('x-correlation-id'), id);
    assert.equal(said.cause['correlation_id'], id);
    assert.equal(said.cause['correlation'], undefined);
  });

  it('X-Correlation-ID that is no UUID is kept beside the UUID that always belongs to it', async () => {
    const { said } = await echo({ 'x-correlation-id': 'shop.test_01' });
    assert.equal(said.cause['correlation'], 'shop.test_01');
    assert.equal(said.cause['correlation_id'], derivedUuid('souk.correlation', 'shop.test_01'));
  });

  it('X-Correlation-ID of another form is replaced', async () => {
    for (const bad of ['short', 'x'.repeat(65), 'has space in it', 'inject<script>']) {
      const { response } = await echo({ 'x-correlation-id': bad });
      assert.match(response.headers.get('x-correlation-id') ?? '', /^[0-9a-f-]{36}$/);
    }
  });

  it('traceparent is carried on when it is valid, else made', async () => {
    const given = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    assert.equal((await echo({ traceparent: given })).said.cause['traceparent'], given);
    for (const bad of ['rubbish', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`])
      assert.match((await echo({ traceparent: bad })).said.cause['traceparent'] ?? '', /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  });

  it('Prefer: wait is read and capped', async () => {
    const waits = await Promise.all(
      ['wait=5', 'respond-async, wait=10', 'wait=100', 'wait=-1', 'return=minimal'].map(
        async (prefer) => (await echo({ prefer })).said.wait_ms,
      ),
    );
    assert.deepEqual(waits, [5_000, 10_000, 30_000, 0, 0]);
  });

  it('Idempotency-Key is visible ASCII of at most 255 characters', async () => {
    assert.equal((await echo({ 'idempotency-key': 'order-1!' })).said.key, 'order-1!');
    for (const bad of ['x'.repeat(256), 'two words', 'ü']) {
      const { status, problem } = await refused('/api/echo', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': bad },
        body: '{}',
      });
      assert.deepEqual([status, problem.code], [400, 'idempotency_key_invalid']);
    }
  });

  it('If-None-Match answers 304, If-Match 412', async () => {
    const tag = (await fetch(`${shop.url}/api/things/1`)).headers.get('etag') ?? '';
    for (const known of [tag, `W/${tag}`, `"1", ${tag}`, '*'])
      assert.equal((await fetch(`${shop.url}/api/things/1`, { headers: { 'if-none-match': known } })).status, 304);
    assert.equal((await fetch(`${shop.url}/api/things/1`, { headers: { 'if-none-match': '"7"' } })).status, 200, 'no resource is named');
    const other = (await fetch(`${shop.url}/api/things/2`)).headers.get('etag') ?? '';
    assert.equal((await fetch(`${shop.url}/api/things/1`, { headers: { 'if-none-match': other } })).status, 200);
    const staff = `Bearer ${await shop.keys.tokenFor({ role: 'staff' })}`;
    const put = (etag: string) =>
      fetch(`${shop.url}/api/things/1`, {
        method: 'PUT',
        headers: { authorization: staff, 'content-type': 'application/json', 'if-match': etag },
        body: '{"name":"a","price":1}',
      });
    assert.deepEqual([(await put(tag)).status, (await put('"7"')).status], [200, 200]);
    assert.equal((await put(other)).status, 412, 'the tag of another resource');
    assert.equal((await put('"6"')).status, 412);
    assert.equal((await put('W/"7"')).status, 412);
  });

  it('X-Forwarded-For is believed only of a gateway that shows the internal token', async () => {
    assert.equal((await echo({ 'x-forwarded-for': '9.9.9.9' })).said.client_address, '127.0.0.1');
    assert.equal((await echo({ 'x-forwarded-for': '9.9.9.9', 'x-souk-gateway': 'guess' })).said.client_address, '127.0.0.1');
    assert.equal((await echo({ 'x-forwarded-for': '1.1.1.1, 9.9.9.9', 'x-souk-gateway': gatewayToken })).said.client_address, '9.9.9.9');
  });
});

it('metrics name the declared path, never the address', async () => {
  const { text } = await shop.metrics.read();
  assert.match(text, /souk_http_requests_total\{service="orders",method="GET",route="\/api\/things\/\{thing_id\}",status="304"\} 4/);
  assert.match(text, /souk_http_request_duration_seconds_bucket\{service="orders",method="POST",route="\/api\/things",le="\+Inf"\} \d+/);
  assert.match(text, /nodejs_eventloop_lag_seconds/);
  assert.doesNotMatch(text, /%zz|api\/nothing|\/api\/things\/1/);
});
