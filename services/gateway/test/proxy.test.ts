import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { aGateway, anUpstream, keys, proofOf, rawExchange, sendJson, type TestGateway, type Upstream, until } from './_support.ts';

const product_id = '0190a0b0-0000-7000-8000-000000000001';

describe('a request through the gateway', () => {
  let shop: TestGateway;
  let products: Upstream;
  let orders: Upstream;
  let react: (url: string, response: Parameters<typeof sendJson>[0]) => void = (_url, response) => sendJson(response, 200, { ok: true });

  before(async () => {
    products = await anUpstream((request, response) => react(request.url ?? '', response));
    orders = await anUpstream((_request, response, body) =>
      sendJson(response, 201, { length: body.length }, { location: '/api/orders/1' }),
    );
    shop = await aGateway({ stall_timeout_ms: 1_000 });
    await shop.register('products', products);
    await shop.register('orders', orders);
  });
  after(async () => {
    await shop.stop();
    await Promise.all([products.close(), orders.close()]);
  });

  it('for a page with a slash too many is led to the page, and one of the API is not', async () => {
    const at = async (path: string, method = 'GET'): Promise<[number, string | null]> => {
      const answer = await fetch(shop.url + path, { method, redirect: 'manual' });
      return [answer.status, answer.headers.get('location')];
    };
    assert.deepEqual(await at('/docs/'), [308, '/docs']);
    assert.deepEqual(await at('/docs/', 'HEAD'), [308, '/docs']);
    assert.deepEqual(await at('/docs/events/?a=1%2F'), [308, '/docs/events?a=1%2F']);
    for (const path of ['//docs/', '/docs//', '/api/products/', '/nothing/', '//']) assert.deepEqual(await at(path), [404, null], path);
    assert.deepEqual(await at('/docs/', 'POST'), [404, null]);
  });

  it('arrives at the service with the story, the client and no hop-by-hop header', async () => {
    const text = await rawExchange(
      shop.port,
      [
        'GET /api/products?q=a%20b HTTP/1.1',
        'Host: shop.example',
        'X-Correlation-ID: story-0001',
        'X-Forwarded-For: 6.6.6.6',
        'X-Souk-Gateway: forged',
        'Connection: X-Other-Hop',
        'Connection: close, X-Secret-Hop',
        'X-Secret-Hop: 1',
        'X-Other-Hop: 1',
        'Keep-Alive: timeout=5',
        'TE: trailers',
        'Upgrade: h2c',
        'X-Kept: yes',
        '',
        '',
      ].join('\r\n'),
    );
    assert.match(text, /^HTTP\/1\.1 200 /);
    const { headers, url } = products.seen.at(-1) ?? assert.fail('nothing arrived');
    assert.equal(url, '/api/products?q=a%20b');
    assert.equal(headers['x-correlation-id'], 'story-0001');
    assert.equal(headers['x-forwarded-for'], '127.0.0.1');
    assert.equal(headers['x-forwarded-proto'], 'http');
    assert.equal(headers['x-souk-gateway'], keys.gatewayToken('products'));
    assert.equal(headers.host, `127.0.0.1:${products.port}`);
    assert.equal(headers['x-kept'], 'yes');
    assert.match(String(headers['traceparent']), /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    for (const name of ['x-secret-hop', 'x-other-hop', 'keep-alive', 'te', 'upgrade']) assert.equal(headers[name], undefined, name);
  });

  it("comes back as the service answered it, with the gateway's own headers and without the service's fingerprints", async () => {
    react = (_url, response) =>
      sendJson(
        response,
        200,
        { ok: 1 },
        { server: 'x', 'x-powered-by': 'y', etag: '"7"', connection: 'x-inner', 'x-inner': '1', 'set-cookie': 'a=b' },
      );
    const answer = await fetch(`${shop.url}/api/products/${product_id}`);
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), { ok: 1 });
    assert.equal(answer.headers.get('etag'), '"7"');
    for (const name of ['server', 'x-powered-by', 'x-inner', 'strict-transport-security'])
      assert.equal(answer.headers.get(name), null, name);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(answer.headers.get('x-frame-options'), 'DENY');
    assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.match(answer.headers.get('x-correlation-id') ?? '', /^[0-9a-f-]{36}$/);
    assert.equal(answer.headers.get('ratelimit-policy'), '"read";q=600;w=60');
    assert.match(answer.headers.get('ratelimit') ?? '', /^"read";r=\d+;t=\d+$/);
  });

  it('keeps 304, 204 and HEAD as they are', async () => {
    react = (_url, response) => void response.writeHead(304, { etag: '"1"' }).end();
    assert.equal((await fetch(`${shop.url}/api/products`, { headers: { 'if-none-match': '"1"' } })).status, 304);
    react = (_url, response) => void response.writeHead(200, { 'content-length': '5' }).end('hello');
    const head = await fetch(`${shop.url}/api/products`, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(head.headers.get('content-length'), '5');
    assert.equal(await head.text(), '');
    react = (_url, response) => void response.writeHead(204).end();
    const none = await fetch(`${shop.url}/api/products`);
    assert.equal(none.status, 204);
    assert.equal(none.headers.get('content-length'), null);
  });

  it('streams a large answer with back-pressure and cuts the client off when the service dies in the middle', async () => {
    react = (_url, response) => {
      response.writeHead(200, { 'content-length': String(8_000_000) });
      response.end(Buffer.alloc(8_000_000, 'x'));
    };
    const whole = await (await fetch(`${shop.url}/api/products`)).arrayBuffer();
    assert.equal(whole.byteLength, 8_000_000);
    react = (_url, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half', () => response.destroy());
    };
    await assert.rejects(async () => (await fetch(`${shop.url}/api/products`)).text());
  });

  it('with a body reaches the service whole, small or large, with a length or chunked', async () => {
    const authorization = `Bearer ${await shop.keys.tokenFor()}`;
    for (const body of ['{"a":1}', 'x'.repeat(300_000)]) {
      const sent = await fetch(`${shop.url}/api/orders`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body,
      });
      assert.equal(sent.status, 201);
      assert.deepEqual(await sent.json(), { length: body.length });
      assert.equal(sent.headers.get('location'), '/api/orders/1');
    }
    const chunked = await fetch(`${shop.url}/api/orders`, {
      method: 'POST',
      headers: { authorization },
      body: new Blob(['y'.repeat(200_000)]).stream(),
      duplex: 'half',
    } as RequestInit);
    assert.deepEqual(await chunked.json(), { length: 200_000 });
    assert.equal(orders.seen.at(-1)?.headers['content-length'], '200000', 'it was read whole before it was sent on');
  });

  it('is answered early when the service does not want the rest of a body', async () => {
    const hasty = createServer((request, response) => {
      if (request.url?.startsWith('/health')) sendJson(response, 200, {}, proofOf(request));
      else sendJson(response, 415, { code: 'media_type_unsupported' });
    });
    await new Promise<void>((resolve) => hasty.listen(0, '127.0.0.1', resolve));
    // Only what is too large to be read whole is answered before its end.
    const hurried = await aGateway();
    await hurried.register('products', { port: (hasty.address() as AddressInfo).port });
    try {
      // The rest never comes: the answer must not wait for it.
      const authorization = `Bearer ${await hurried.keys.tokenFor({ role: 'staff' })}`;
      const headers = { authorization, 'content-type': 'text/csv', 'content-length': '9000000' };
      const request = httpRequest(`${hurried.url}/api/products/import`, { method: 'POST', headers });
      request.on('error', () => undefined);
      request.write('x'.repeat(100_000));
      const [answer] = (await once(request, 'response')) as [IncomingMessage];
      assert.equal(answer.statusCode, 415);
      assert.equal(answer.headers.connection, 'close');
      assert.deepEqual(await json(answer), { code: 'media_type_unsupported' });
      await until(() => hurried.gateway.settled(), 'nothing is under way');
    } finally {
      await hurried.stop();
      hasty.closeAllConnections();
      hasty.close();
    }
  });

  it('is continued only after it was let in', async () => {
    const authorization = await shop.keys.tokenFor();
    const ask = (token: string): Promise<{ continued: boolean; status: number | undefined }> =>
      new Promise((resolve, reject) => {
        let continued = false;
        const request = httpRequest(`${shop.url}/api/orders`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, expect: '100-continue', 'content-length': '2' },
        });
        request.on('continue', () => {
          continued = true;
          request.end('{}');
        });
        request.on('response', (response) => {
          response.resume();
          request.destroy();
          resolve({ continued, status: response.statusCode });
        });
        request.on('error', reject).flushHeaders();
      });
    assert.deepEqual(await ask(authorization), { continued: true, status: 201 });
    assert.deepEqual(await ask('no.such.token'), { continued: false, status: 401 });
  });

  it('ends at the service when the client leaves', async () => {
    let left = false;
    react = (_url, response) => void response.on('close', () => (left = true));
    const gone = new AbortController();
    const asked = fetch(`${shop.url}/api/products`, { signal: gone.signal });
    const before = products.seen.length;
    await until(() => products.seen.length > before, 'the request has arrived');
    gone.abort();
    await assert.rejects(asked);
    await until(() => left, 'the service has noticed');
    await until(() => shop.gateway.context.pools.busy() === 0, 'the place is free again');
    react = (_url, response) => sendJson(response, 200, { ok: true });
  });

  it('finds only what is declared, and never what is internal', async () => {
    for (const path of [
      '/nothing',
      '/apis',
      '/api/nothing',
      '/internal/audit/records?kind=orders',
      '/internal/messages/x',
      '/api/products/..%2f..%2finternal',
      '/api//products',
      '/websocket',
      '/api/products/',
    ]) {
      const answer = await fetch(`${shop.url}${path}`, { headers: { authorization: `Bearer ${shop.internal_token}` } });
      assert.equal(answer.status, 404, path);
      assert.equal(((await answer.json()) as { code: string }).code, 'not_found');
    }
    const wrong = await fetch(`${shop.url}/api/categories`, { method: 'DELETE' });
    assert.equal(wrong.status, 405);
    assert.equal(wrong.headers.get('allow'), 'GET, HEAD, OPTIONS, POST');
    assert.match(wrong.headers.get('content-type') ?? '', /application\/problem\+json/);
    const problem = (await wrong.json()) as { instance: string; correlation_id: string };
    assert.equal(problem.instance, '/api/categories');
    assert.equal(problem.correlation_id, wrong.headers.get('x-correlation-id'));
  });

  it('asks for the role the route needs', async () => {
    const ask = async (path: string, token?: string): Promise<number> =>
      (await fetch(`${shop.url}${path}`, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })).status;
    assert.equal(await ask('/api/orders'), 401);
    assert.equal(await ask('/api/orders', 'nonsense'), 401);
    assert.equal(await ask('/api/products', 'nonsense'), 401);
    assert.equal(await ask('/api/orders', await shop.keys.tokenFor({ expires_in_s: -60 })), 401);
    assert.equal(await ask('/api/users', await shop.keys.tokenFor()), 403);
    assert.equal(await ask('/registry/services'), 401);
    assert.equal(await ask('/registry/services', await shop.keys.tokenFor({ role: 'admin' })), 403);
    assert.equal(await ask('/api/orders', await shop.keys.tokenFor()), 201);
  });
});
