import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventStreamType, registeredServices } from '@souk/contracts';
import { routeTable } from '../src/route-table.ts';
import { aGateway, anUpstream, rawExchange, sendJson, type TestGateway, type Upstream } from './_support.ts';

const uncached = 'private, no-store';
const id = '0190a0b0-0000-7000-8000-000000000001';

describe('what caches may keep', () => {
  let shop: TestGateway;
  const careless: Upstream[] = [];
  before(async () => {
    // Services that let everybody keep everything.
    shop = await aGateway({ rate_limit: 'off' });
    for (const name of registeredServices) {
      const upstream = await anUpstream((_request, response) =>
        sendJson(response, 200, { ok: true }, { 'cache-control': 'public, max-age=60' }),
      );
      careless.push(upstream);
      await shop.register(name, upstream);
    }
  });
  after(async () => {
    await shop.stop();
    await Promise.all(careless.map((upstream) => upstream.close()));
  });

  const ask = async (method: string, path: string, authorization?: string): Promise<Response> => {
    const body = method === 'GET' || method === 'HEAD' || method === 'DELETE' ? {} : { body: '{}' };
    const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
    const answer = await fetch(shop.url + path.replaceAll(/\{[a-z_]+\}/g, id), { method, headers, ...body });
    // A stream has no end.
    if (answer.headers.get('content-type') === eventStreamType) await answer.body?.cancel();
    else await answer.arrayBuffer();
    return answer;
  };

  it('is nothing of any route that is not public, whatever the service says, and no refusal', async () => {
    const authorization = `Bearer ${await shop.keys.tokenFor({ role: 'admin' })}`;
    const internal = `Bearer ${shop.internal_token}`;
    let seen = 0;
    for (const { method, path, access, page } of routeTable.filter((route) => route.access !== 'chaos')) {
      const answer = await ask(method, path, access === 'internal' ? internal : authorization);
      // A browser may keep its own page for going back.
      const expected = page && method === 'GET' && answer.ok ? 'private, no-cache' : uncached;
      assert.equal(answer.headers.get('cache-control'), expected, `${method} ${path}: ${answer.status}`);
      seen += answer.ok ? 1 : 0;
      if (access === 'public') continue;
      const refused = await ask(method, path);
      assert.deepEqual([refused.status, refused.headers.get('cache-control')], [401, uncached], `${method} ${path}`);
    }
    assert.ok(seen > 30, `${seen} routes have answered`);
    assert.equal((await ask('GET', '/nothing')).headers.get('cache-control'), uncached);
  });

  it('is what a public read says to strangers', async () => {
    assert.equal((await ask('GET', '/api/products')).headers.get('cache-control'), 'public, max-age=60');
    assert.equal((await ask('POST', '/api/auth/login')).headers.get('cache-control'), uncached);
  });

  it('tells the trace of every answer, and keeps the connection after HEAD', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    for (const path of ['/api/products', '/health/live', '/nothing']) {
      const answer = await fetch(shop.url + path, { headers: { traceparent } });
      await answer.arrayBuffer();
      assert.match(answer.headers.get('traceparent') ?? '', /^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/, path);
    }
    for (const path of ['/api/products', '/health/live', '/nothing']) {
      const text = await rawExchange(shop.port, `HEAD ${path} HTTP/1.1\r\nHost: a\r\n\r\n`, (came) => came.includes('\r\n\r\n'));
      assert.match(text, /^HTTP\/1\.1 (200|404) [\s\S]*\r\nconnection: keep-alive/i, path);
    }
    assert.notEqual(
      careless.find(({ port }) => port === shop.gateway.context.instances.table.of('products')[0]?.port)?.seen.at(-1)?.headers.connection,
      'close',
    );
  });
});
